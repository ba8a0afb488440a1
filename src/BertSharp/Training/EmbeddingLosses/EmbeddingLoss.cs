namespace BertSharp;

/// <summary>
/// A loss of embeddings: its value, in float64, and its gradient. The value is a report; the gradient reaches weights, so it
/// comes from correctly rounded operations in a fixed order alone.
/// </summary>
internal abstract class EmbeddingLoss
{
    /// <summary>What an example consists of, for errors.</summary>
    protected abstract string Expected { get; }

    /// <summary>Whether the labels are embeddings too.</summary>
    public virtual bool LearnsFromTeacher => false;

    /// <summary>Computes the loss of a batch and its gradient.</summary>
    /// <param name="batch">The embeddings.</param>
    /// <param name="gradient">Overwritten by the gradient with respect to the embeddings, of their shape.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentException">The shapes are not those that the loss takes.</exception>
    public double Compute(EmbeddingBatch batch, Matrix gradient)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch.Columns, 1, nameof(batch));
        Matrix embeddings = batch.Embeddings;
        (int rows, int columns) = LabelShape(batch);
        bool labelled = columns == 0 || (batch.Labels.Rows == rows && batch.Labels.Columns == columns);
        if (batch.Count < 1 || batch.Count * batch.Columns != embeddings.Rows || !Takes(batch.Columns) || !labelled)
        {
            throw new ArgumentException($"{GetType().Name} takes {Expected}; found [{embeddings.Rows}, {embeddings.Columns}] embeddings of {batch.Columns} texts an example with labels [{batch.Labels.Rows}, {batch.Labels.Columns}].", nameof(batch));
        }

        if (gradient.Rows != embeddings.Rows || gradient.Columns != embeddings.Columns)
        {
            throw new ArgumentException($"The gradient [{gradient.Rows}, {gradient.Columns}] has not the shape of the embeddings [{embeddings.Rows}, {embeddings.Columns}].", nameof(gradient));
        }

        for (int row = 0; row < gradient.Rows; row++)
        {
            gradient.RowSpan(row).Clear();
        }

        return AddGradient(batch, gradient);
    }

    /// <summary>Whether examples of this many texts are its.</summary>
    protected abstract bool Takes(int columns);

    /// <summary>Rows and columns of its labels; no columns where it takes none.</summary>
    protected virtual (int Rows, int Columns) LabelShape(EmbeddingBatch batch) => (0, 0);

    /// <summary>Adds the gradient and returns the loss.</summary>
    protected abstract double AddGradient(EmbeddingBatch batch, Matrix gradient);
}
