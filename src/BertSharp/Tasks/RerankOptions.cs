namespace BertSharp;

/// <summary>What <see cref="Reranker"/> gives for a pair.</summary>
public sealed record RerankOptions
{
    /// <summary>
    /// What makes scores of the logits, in place of the model's own activation: raw (<see cref="ScoreFunction.None"/>),
    /// sigmoid, or softmax over several labels; null: the model's own.
    /// </summary>
    public ScoreFunction? Function { get; init; }
}
