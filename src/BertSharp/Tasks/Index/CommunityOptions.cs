namespace BertSharp;

/// <summary>What makes a community; the defaults are those of sentence-transformers.</summary>
public sealed record CommunityOptions
{
    /// <summary>How alike a text must be to the centre, by the index's similarity.</summary>
    public float Threshold { get; init; } = 0.75f;

    /// <summary>The fewest texts of a community.</summary>
    public int MinSize { get; init; } = 10;
}
