namespace BertSharp;

/// <summary>
/// ½·(y·d² + (1 − y)·max(margin − d, 0)²), the mean over pairs, with the distance d = 1 − cos and y = 1 for pairs that
/// belong together, else 0 (Hadsell, Chopra, LeCun 2006; <c>ContrastiveLoss</c>).
/// </summary>
/// <param name="margin">The distance from which on pairs that do not belong together cost nothing.</param>
internal sealed class ContrastiveLoss(float margin = 0.5f) : EmbeddingLoss
{
    /// <inheritdoc/>
    protected override string Expected => "pairs with a label 0 or 1";

    /// <inheritdoc/>
    protected override bool Takes(int columns) => columns == 2;

    /// <inheritdoc/>
    protected override (int Rows, int Columns) LabelShape(EmbeddingBatch batch) => (batch.Count, 1);

    /// <inheritdoc/>
    protected override double AddGradient(EmbeddingBatch batch, Matrix gradient)
    {
        CosinePairs cosines = new(batch.Column(batch.Embeddings, 0), batch.Column(batch.Embeddings, 1));
        double sum = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            double distance = 1 - cosines[i], missing = Math.Max(margin - distance, 0), y = batch.Score(i);
            sum += 0.5 * ((y * distance * distance) + ((1 - y) * missing * missing));

            // d falls as cos grows.
            double dCosine = ((1 - y) * missing) - (y * distance);
            cosines.AddBackward(i, dCosine / batch.Count, batch.Column(gradient, 0), batch.Column(gradient, 1));
        }

        return sum / batch.Count;
    }
}
