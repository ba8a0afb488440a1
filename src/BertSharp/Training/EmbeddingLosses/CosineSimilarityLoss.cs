namespace BertSharp;

/// <summary>The mean of (cos(a, b) − score)² (Reimers, Gurevych 2019; <c>CosineSimilarityLoss</c>).</summary>
internal sealed class CosineSimilarityLoss : EmbeddingLoss
{
    /// <inheritdoc/>
    protected override string Expected => "pairs with a score";

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
            double difference = cosines[i] - batch.Score(i);
            sum += difference * difference;
            cosines.AddBackward(i, 2 * difference / batch.Count, batch.Column(gradient, 0), batch.Column(gradient, 1));
        }

        return sum / batch.Count;
    }
}
