namespace BertSharp;

/// <summary>One layer of the encoder: self-attention, then feed-forward (Vaswani et al. 2017, section 3.1, post-LN).</summary>
internal sealed unsafe class EncoderLayer(SelfAttention attention, FeedForward feedForward)
{
    /// <summary>Replaces <see cref="Activations.Hidden"/> [T, H] by the layer's output: the rows of <see cref="AttentionRows.Queries"/>.</summary>
    public void Forward(Activations a, in AttentionRows rows, float* probabilities, Team team)
    {
        attention.Forward(a, rows, probabilities, team);
        feedForward.Forward(a, team);
    }
}
