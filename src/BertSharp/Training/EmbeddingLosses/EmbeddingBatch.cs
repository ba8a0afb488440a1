namespace BertSharp;

/// <summary>
/// The embeddings of n examples of several texts each: all first texts (anchors), then all second ones (positives), then
/// negatives.
/// </summary>
/// <param name="Embeddings">[n · columns, D], as the model gives them, not normalised.</param>
/// <param name="Columns">Texts of an example.</param>
/// <param name="Labels">[n, 1] scores, or [n · columns, D] a teacher's embeddings; no columns where the loss takes none.</param>
internal readonly record struct EmbeddingBatch(Matrix Embeddings, int Columns, Matrix Labels = default)
{
    /// <summary>Number n of examples.</summary>
    public int Count => Embeddings.Rows / Columns;

    /// <summary>The rows [n, D] of one text of every example, in the embeddings or in a matrix of their shape.</summary>
    public Matrix Column(Matrix matrix, int column) => matrix.Slice(column * Count, Count);

    /// <summary>The score of an example.</summary>
    public float Score(int example) => Labels.RowSpan(example)[0];
}
