namespace BertSharp;

/// <summary>
/// The mean over sequences × outputs of (x − y)² (regression), or of −y·log σ(x) − (1 − y)·log(1 − σ(x)) (multi-label).
/// </summary>
/// <param name="isMultiLabel">Which of the two.</param>
internal sealed class SequenceTargetLoss(bool isMultiLabel) : SequenceLoss
{
    private float[] _targets = [];
    private double _weight;

    /// <inheritdoc/>
    public override string Name => isMultiLabel ? "multi_label" : "regression";

    /// <inheritdoc/>
    public override void Begin(StepLabels labels, PackedTokens step, int outputs)
    {
        Require(labels.Targets.Length, (long)step.Count * outputs, "sequences × outputs");
        _targets = labels.Targets;
        _weight = 1.0 / Math.Max(1, _targets.Length);
    }

    /// <inheritdoc/>
    protected override double Sequence(Matrix logits, int sequence)
    {
        Span<float> values = logits.RowSpan(0);
        ReadOnlySpan<float> targets = _targets.AsSpan(sequence * values.Length, values.Length);
        double loss = isMultiLabel ? Losses.BinaryCrossEntropy(values, targets) : Losses.MeanSquaredError(values, targets);
        loss *= values.Length * _weight;
        if (isMultiLabel)
        {
            Elementwise.Apply(Activation.Sigmoid, values);
        }

        float factor = (float)(isMultiLabel ? _weight : 2 * _weight);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (values[i] - targets[i]) * factor;
        }

        return loss;
    }
}
