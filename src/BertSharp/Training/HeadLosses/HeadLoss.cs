namespace BertSharp;

/// <summary>
/// The loss of a head: the mean over the labelled items of a whole step, whatever micro-batches it is cut into. The gradient is
/// computed in float32 by kernels; the loss that is shown, in float64.
/// </summary>
internal abstract class HeadLoss
{
    /// <summary>The name of this term where a model has several.</summary>
    public abstract string Name { get; }

    /// <summary>Whether rows may be cut into chunks: each has a loss of its own.</summary>
    public virtual bool RowsAreIndependent => true;

    /// <summary>Takes the labels of a step and counts its items.</summary>
    /// <exception cref="ArgumentException">Labels and sequences do not fit.</exception>
    public abstract void Begin(StepLabels labels, PackedTokens step, int outputs);

    /// <summary>The rows of hidden states for which the head is run, ascending.</summary>
    public abstract void AddRows(MicroBatch part, List<int> rows);

    /// <summary>
    /// Replaces this member's share of logits [rows, outputs] by their gradient and sets the losses, divided by the step's number
    /// of items.
    /// </summary>
    /// <param name="logits">[rows, outputs]: becomes the gradient.</param>
    /// <param name="rows">The rows, of those that <see cref="AddRows"/> gave.</param>
    /// <param name="part">The micro-batch.</param>
    /// <param name="losses">[rows] receives the loss of each row.</param>
    /// <param name="team">The threads that share the work; what is left of it when this returns, the caller waits for.</param>
    public abstract void Run(Matrix logits, ReadOnlySpan<int> rows, MicroBatch part, Span<double> losses, Team team);

    /// <summary>Requires a number of labels.</summary>
    protected static void Require(int labels, long expected, string what)
    {
        if (labels != expected)
        {
            throw new ArgumentException($"There are {labels} labels for {expected} {what}.");
        }
    }
}
