namespace BertSharp;

/// <summary>What makes scores of a classifier's logits (<c>function_to_apply</c> in transformers).</summary>
public enum ScoreFunction
{
    /// <summary>Nothing: the logits as they are.</summary>
    None,

    /// <summary>1 / (1 + e⁻ˣ) of each logit by itself: the labels do not exclude each other.</summary>
    Sigmoid,

    /// <summary>e^xᵢ / Σⱼ e^xⱼ over all labels: one of them holds, the scores add up to 1.</summary>
    Softmax,
}
