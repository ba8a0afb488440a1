namespace BertSharp;

/// <summary>One layer of the encoder: self-attention, then feed-forward (Vaswani et al. 2017, section 3.1, post-LN).</summary>
internal sealed unsafe class EncoderLayer(SelfAttention attention, FeedForward feedForward)
{
    /// <summary>From <see cref="Activations.Hidden"/> [T, H] to <see cref="Activations.Output"/>: the rows of <see cref="AttentionRows.Queries"/>.</summary>
    public void Forward(Activations a, in AttentionRows rows, float* probabilities, Team team)
    {
        attention.Forward(a, rows, probabilities, team);
        feedForward.Forward(a, team);
    }

    /// <summary>Replaces <see cref="ActivationGradients.Hidden"/>, the gradient of the output, by that of what entered.</summary>
    public void Backward(Activations a, ActivationGradients g, in AttentionRows rows, Team team)
    {
        feedForward.Backward(a, g, team);
        attention.Backward(a, g, rows, team);
    }
}
