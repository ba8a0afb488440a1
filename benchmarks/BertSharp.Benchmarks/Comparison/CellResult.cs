namespace BertSharp.Benchmarks.Comparison;

/// <summary>One contestant in one row.</summary>
/// <param name="Peer">Its name.</param>
/// <param name="Plan">How it cut the batch; empty where there was one batch of all.</param>
/// <param name="Variant">Its setting.</param>
/// <param name="Version">Its version.</param>
/// <param name="Difference">The largest difference of a hidden state to BertSharp's.</param>
/// <param name="Seconds">Each pass of each round.</param>
internal sealed record CellResult(string Peer, string Plan, string Variant, string Version, double Difference, double[][] Seconds)
{
    public string Column => Plan.Length == 0 ? Peer : $"{Peer}, {Plan}";
}
