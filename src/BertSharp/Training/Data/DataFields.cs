namespace BertSharp;

/// <summary>The fields that examples of a kind have.</summary>
/// <param name="Required">Those that each has.</param>
/// <param name="Optional">Those that it may have.</param>
internal sealed record DataFields(string[] Required, params string[] Optional)
{
    /// <summary>All of them.</summary>
    public IEnumerable<string> All => Required.Concat(Optional);
}
