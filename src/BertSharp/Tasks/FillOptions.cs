namespace BertSharp;

/// <summary>What <see cref="MaskFiller"/> gives for a mask.</summary>
public sealed record FillOptions
{
    /// <summary>The options where none are given.</summary>
    public static FillOptions Default { get; } = new();

    /// <summary>At most this many guesses, the best first.</summary>
    public int TopK { get; init; } = 5;

    /// <summary>
    /// Only these words are guessed; null: the whole vocabulary. Scores stay probabilities among all of it. A word that is no
    /// single token stands for its first piece (<see cref="MaskFiller.TargetId"/> says which); one without any is left out.
    /// </summary>
    public IReadOnlyList<string>? Targets { get; init; }
}
