namespace BertSharp;

/// <summary>Which pairs paraphrase mining looks for; the defaults are those of sentence-transformers.</summary>
public sealed record ParaphraseOptions
{
    /// <summary>Each text is paired with at most this many others, its nearest.</summary>
    public int TopK { get; init; } = 100;

    /// <summary>The most pairs of the result.</summary>
    public int MaxPairs { get; init; } = 500_000;
}
