namespace BertSharp;

/// <summary>Where a model drops values while it is trained; part of the key of their masks.</summary>
internal enum DropoutSite
{
    /// <summary>Embeddings, behind their LayerNorm.</summary>
    Embeddings,

    /// <summary>Attention probabilities.</summary>
    Attention,

    /// <summary>The attention sub-layer's output, before the residual.</summary>
    AttentionOutput,

    /// <summary>The feed-forward's output, before the residual.</summary>
    FeedForwardOutput,

    /// <summary>What goes into a head.</summary>
    HeadInput,

    /// <summary>Between the two layers of a head.</summary>
    HeadInner,

    /// <summary>What goes into an adapter.</summary>
    Adapter,
}
