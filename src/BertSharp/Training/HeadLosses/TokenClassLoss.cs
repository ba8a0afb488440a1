namespace BertSharp;

/// <summary>Cross entropy over the labelled tokens: masked language models and token classifiers.</summary>
/// <param name="name">The name of the term.</param>
internal sealed class TokenClassLoss(string name) : TokenLoss
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    protected override double Token(Matrix logits, int label, double weight) => CrossEntropyGradient.Run(logits, label, weight);
}
