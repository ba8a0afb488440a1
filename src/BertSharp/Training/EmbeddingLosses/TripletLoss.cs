namespace BertSharp;

/// <summary>
/// max(|a − p| − |a − n| + margin, 0), the mean over triplets, with Euclidean distances (Reimers, Gurevych 2019;
/// <c>TripletLoss</c>).
/// </summary>
/// <param name="margin">How much nearer the positive is to be.</param>
internal sealed class TripletLoss(float margin = 5) : EmbeddingLoss
{
    /// <summary>What torch's <c>pairwise_distance</c> adds to every difference.</summary>
    private const double Epsilon = 1e-6;

    /// <inheritdoc/>
    protected override string Expected => "an anchor, a positive and a negative";

    /// <inheritdoc/>
    protected override bool Takes(int columns) => columns == 3;

    /// <inheritdoc/>
    protected override double AddGradient(EmbeddingBatch batch, Matrix gradient)
    {
        double sum = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            double loss = Distance(batch, 1, i) - Distance(batch, 2, i) + margin;
            if (loss > 0)
            {
                sum += loss;
                AddDistance(batch, 1, i, 1.0 / batch.Count, gradient);
                AddDistance(batch, 2, i, -1.0 / batch.Count, gradient);
            }
        }

        return sum / batch.Count;
    }

    private static double Distance(EmbeddingBatch batch, int column, int row)
    {
        Span<float> a = batch.Column(batch.Embeddings, 0).RowSpan(row), b = batch.Column(batch.Embeddings, column).RowSpan(row);
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = (double)a[i] - b[i] + Epsilon;
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }

    /// <summary>Adds weight · the gradient of a distance, the unit vector between its ends; nothing where there is none.</summary>
    private static void AddDistance(EmbeddingBatch batch, int column, int row, double weight, Matrix gradient)
    {
        double distance = Distance(batch, column, row);
        if (distance == 0)
        {
            return;
        }

        Span<float> a = batch.Column(batch.Embeddings, 0).RowSpan(row), b = batch.Column(batch.Embeddings, column).RowSpan(row);
        Span<float> dA = batch.Column(gradient, 0).RowSpan(row), dB = batch.Column(gradient, column).RowSpan(row);
        for (int i = 0; i < a.Length; i++)
        {
            float step = (float)(weight * ((double)a[i] - b[i] + Epsilon) / distance);
            dA[i] += step;
            dB[i] -= step;
        }
    }
}
