namespace BertSharp;

/// <summary>
/// log(1 + Σ exp(scale · (cosᵢ − cosⱼ))) over all i, j where pair i should be less alike than pair j (Su 2022;
/// <c>CoSENTLoss</c>): only the order of the scores counts.
/// </summary>
/// <param name="scale">The factor of the cosines.</param>
internal sealed class CosentLoss(float scale = 20) : EmbeddingLoss
{
    /// <inheritdoc/>
    protected override string Expected => "pairs with a score";

    /// <inheritdoc/>
    protected override bool Takes(int columns) => columns == 2;

    /// <inheritdoc/>
    protected override (int Rows, int Columns) LabelShape(EmbeddingBatch batch) => (batch.Count, 1);

    /// <inheritdoc/>
    protected override unsafe double AddGradient(EmbeddingBatch batch, Matrix gradient)
    {
        CosinePairs cosines = new(batch.Column(batch.Embeddings, 0), batch.Column(batch.Embeddings, 1));
        List<(int Less, int More)> order = Order(batch);

        // The 1 is the exponential of a first 0.
        float[] scores = [0, .. order.Select(pair => (float)(scale * (cosines[pair.Less] - cosines[pair.More])))];
        double loss = Losses.NegativeLogLikelihood(scores, 0);
        fixed (float* row = scores)
        {
            Softmax.Forward(new Matrix((nint)row, 1, scores.Length, scores.Length));
        }

        double[] dCosines = new double[batch.Count];
        for (int i = 0; i < order.Count; i++)
        {
            dCosines[order[i].Less] += (double)scale * scores[i + 1];
            dCosines[order[i].More] -= (double)scale * scores[i + 1];
        }

        for (int pair = 0; pair < dCosines.Length; pair++)
        {
            cosines.AddBackward(pair, dCosines[pair], batch.Column(gradient, 0), batch.Column(gradient, 1));
        }

        return loss;
    }

    private static List<(int Less, int More)> Order(EmbeddingBatch batch)
    {
        List<(int, int)> order = [];
        for (int i = 0; i < batch.Count; i++)
        {
            for (int j = 0; j < batch.Count; j++)
            {
                if (batch.Score(i) < batch.Score(j))
                {
                    order.Add((i, j));
                }
            }
        }

        return order;
    }
}
