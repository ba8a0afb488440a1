namespace BertSharp;

/// <summary>Cross entropy over the labelled sequences: classifiers and next sentence prediction.</summary>
/// <param name="name">The name of the term.</param>
internal sealed class SequenceClassLoss(string name) : SequenceLoss
{
    private int[] _labels = [];
    private double _weight;

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override void Begin(StepLabels labels, PackedTokens step, int outputs)
    {
        Require(labels.Sequences.Length, step.Count, "sequences");
        _labels = labels.Sequences;
        _weight = 1.0 / Math.Max(1, _labels.Count(label => label != Losses.Ignored));
    }

    /// <inheritdoc/>
    protected override double Sequence(Matrix logits, int sequence)
    {
        if (_labels[sequence] != Losses.Ignored)
        {
            return CrossEntropyGradient.Run(logits, _labels[sequence], _weight);
        }

        logits.RowSpan(0).Clear();
        return 0;
    }
}
