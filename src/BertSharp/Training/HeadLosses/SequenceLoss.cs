namespace BertSharp;

/// <summary>A loss with one row of logits for each sequence: that of its first token.</summary>
internal abstract class SequenceLoss : HeadLoss
{
    /// <inheritdoc/>
    public override void AddRows(MicroBatch part, List<int> rows)
    {
        for (int i = 0; i < part.Count; i++)
        {
            rows.Add(part.Offsets[i]);
        }
    }

    /// <inheritdoc/>
    public override void Run(Matrix logits, ReadOnlySpan<int> rows, MicroBatch part, Span<double> losses, Team team)
    {
        (int first, int count) = team.Share(rows.Length);
        for (int i = first; i < first + count; i++)
        {
            losses[i] = Sequence(logits.Slice(i, 1), part.FirstSequence + i);
        }
    }

    /// <summary>Replaces a sequence's logits by their gradient.</summary>
    /// <param name="logits">[1, outputs].</param>
    /// <param name="sequence">Its number in the step.</param>
    /// <returns>Its part of the loss.</returns>
    protected abstract double Sequence(Matrix logits, int sequence);
}
