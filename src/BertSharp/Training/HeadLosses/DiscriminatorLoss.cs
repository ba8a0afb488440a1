namespace BertSharp;

/// <summary>Binary cross entropy over the labelled tokens: was the token replaced (1) or not (0) (Clark et al. 2020, section 2).</summary>
internal sealed class DiscriminatorLoss : TokenLoss
{
    /// <inheritdoc/>
    public override string Name => "discriminator";

    /// <inheritdoc/>
    protected override double Token(Matrix logits, int label, double weight)
    {
        Span<float> logit = logits.RowSpan(0);
        double loss = Losses.BinaryCrossEntropy(logit, [label]);
        Elementwise.Apply(Activation.Sigmoid, logit);
        logit[0] = (logit[0] - label) * (float)weight;
        return loss * weight;
    }
}
