namespace BertSharp;

/// <summary>
/// The weighted sum of another loss of the first 768, 512, … dimensions of the embeddings, each time cut, then normalised, so
/// that an embedding may be cut short (Kusupati et al. 2022; <c>MatryoshkaLoss</c>). A teacher's embeddings are cut alike.
/// </summary>
internal sealed class MatryoshkaLoss : EmbeddingLoss
{
    private readonly EmbeddingLoss _inner;
    private readonly IReadOnlyList<(int Dimension, float Weight)> _cuts;

    /// <summary>Wraps a loss.</summary>
    /// <param name="inner">The loss of each cut.</param>
    /// <param name="cuts">Dimensions, each at least 1 and once, with their weights.</param>
    /// <exception cref="ArgumentException">There is no cut, one comes twice, or one is below 1.</exception>
    public MatryoshkaLoss(EmbeddingLoss inner, IReadOnlyList<(int Dimension, float Weight)> cuts)
    {
        if (cuts.Count == 0 || cuts.Any(cut => cut.Dimension < 1) || cuts.DistinctBy(cut => cut.Dimension).Count() < cuts.Count)
        {
            throw new ArgumentException($"Expected at least one dimension, none twice and none below 1; found {string.Join(", ", cuts.Select(cut => cut.Dimension))}.", nameof(cuts));
        }

        _inner = inner;
        _cuts = cuts;
    }

    /// <inheritdoc/>
    public override bool LearnsFromTeacher => _inner.LearnsFromTeacher;

    /// <inheritdoc/>
    protected override string Expected => $"embeddings of at least {_cuts.Max(cut => cut.Dimension)} dimensions";

    // The texts and the labels are checked by the inner loss.

    /// <inheritdoc/>
    protected override bool Takes(int columns) => true;

    /// <inheritdoc/>
    protected override double AddGradient(EmbeddingBatch batch, Matrix gradient)
    {
        int rows = gradient.Rows, widest = _cuts.Max(cut => cut.Dimension);
        if (widest > gradient.Columns)
        {
            throw new ArgumentException($"{nameof(MatryoshkaLoss)} takes {Expected}; found {gradient.Columns}.", nameof(batch));
        }

        using Arena arena = new(3 * Arena.MatrixSize(Math.Max(rows, batch.Labels.Rows), widest));
        double sum = 0;
        foreach ((int dimension, float weight) in _cuts)
        {
            arena.Reset(0);
            UnitRows cut = Cut(batch.Embeddings, dimension, arena);
            Matrix labels = LearnsFromTeacher ? Cut(batch.Labels, dimension, arena).Values : batch.Labels;
            Matrix dCut = arena.TakeMatrix(rows, dimension);
            sum += weight * _inner.Compute(batch with { Embeddings = cut.Values, Labels = labels }, dCut);
            cut.AddBackward(dCut, weight, gradient.SliceColumns(0, dimension));
        }

        return sum;
    }

    private static UnitRows Cut(Matrix x, int dimension, Arena arena) =>
        new(x.SliceColumns(0, dimension), arena.TakeMatrix(x.Rows, dimension));
}
