namespace BertSharp;

/// <summary>What <see cref="TextClassifier"/> gives for a text.</summary>
public sealed record ClassifyOptions
{
    /// <summary>At most this many labels, the best first; null: all.</summary>
    public int? TopK { get; init; }

    /// <summary>What makes scores of the logits (<see cref="ScoreFunction.None"/>: raw); null: what <see cref="TextClassifier.Function"/> says.</summary>
    public ScoreFunction? Function { get; init; }
}
