namespace BertSharp;

/// <summary>
/// −log softmax of an anchor's scaled cosines at its own positive, the mean over anchors; the candidates are the positives and
/// given negatives of all examples (Henderson et al. 2017; <c>MultipleNegativesRankingLoss</c>).
/// No text may occur twice in a batch: <see cref="NoDuplicateBatches"/>.
/// </summary>
/// <param name="scale">The factor of the cosines.</param>
internal sealed class MultipleNegativesRankingLoss(float scale = 20) : EmbeddingLoss
{
    /// <inheritdoc/>
    protected override string Expected => "an anchor, a positive and any number of negatives";

    /// <inheritdoc/>
    protected override bool Takes(int columns) => columns >= 2;

    /// <inheritdoc/>
    protected override double AddGradient(EmbeddingBatch batch, Matrix gradient)
    {
        int n = batch.Count, candidates = batch.Embeddings.Rows - n;
        using CosineMatrix cosines = new(batch.Column(batch.Embeddings, 0), batch.Embeddings.Slice(n, candidates));
        Matrix scores = cosines.Values;
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            Span<float> row = scores.RowSpan(i);
            Arithmetic.Scale(row, scale);
            sum += Losses.NegativeLogLikelihood(row, i);
        }

        Softmax.Forward(scores);
        for (int i = 0; i < n; i++)
        {
            ScoreGradient(scores.RowSpan(i), i, scale / n);
        }

        cosines.AddBackward(scores, batch.Column(gradient, 0), gradient.Slice(n, candidates));
        return sum / n;
    }

    /// <summary>p ← factor · (p − 1 at the label). The label's is minus the sum of the others, which keeps its digits where p is near 1.</summary>
    private static void ScoreGradient(Span<float> p, int label, float factor)
    {
        double others = 0;
        p[label] = 0;
        for (int j = 0; j < p.Length; j++)
        {
            others += p[j];
            p[j] *= factor;
        }

        p[label] = (float)(-others * factor);
    }
}
