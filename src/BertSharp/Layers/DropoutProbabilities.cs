namespace BertSharp;

/// <summary>The share of values that each site drops, 0 ≤ p &lt; 1.</summary>
/// <param name="Hidden">Embeddings and the feed-forward's output.</param>
/// <param name="AttentionOutput">The attention sub-layer's output; DistilBERT drops nothing there.</param>
/// <param name="Attention">Attention probabilities.</param>
/// <param name="HeadInput">What goes into a head.</param>
/// <param name="HeadInner">Between the two layers of a head.</param>
/// <param name="Adapter">What goes into an adapter.</param>
internal readonly record struct DropoutProbabilities(float Hidden, float AttentionOutput, float Attention, float HeadInput, float HeadInner, float Adapter = 0)
{
    /// <summary>Whether nothing is dropped anywhere.</summary>
    public bool IsNone => this == default;

    /// <summary>The share of a site.</summary>
    public float Of(DropoutSite site) => site switch
    {
        DropoutSite.Embeddings or DropoutSite.FeedForwardOutput => Hidden,
        DropoutSite.AttentionOutput => AttentionOutput,
        DropoutSite.Attention => Attention,
        DropoutSite.HeadInput => HeadInput,
        DropoutSite.HeadInner => HeadInner,
        DropoutSite.Adapter => Adapter,
        _ => throw new ArgumentOutOfRangeException(nameof(site), site, "This site has a share of its own."),
    };
}
