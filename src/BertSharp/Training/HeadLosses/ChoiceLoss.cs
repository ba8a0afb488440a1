namespace BertSharp;

/// <summary>Cross entropy over groups of sequences with one logit each: which choice is right.</summary>
internal sealed class ChoiceLoss : HeadLoss
{
    private int[] _labels = [];
    private int _choices;
    private double _weight;

    /// <inheritdoc/>
    public override string Name => "choice";

    /// <inheritdoc/>
    public override bool RowsAreIndependent => false;

    /// <inheritdoc/>
    public override void Begin(StepLabels labels, PackedTokens step, int outputs)
    {
        Require(labels.Sequences.Length * labels.Choices, step.Count, "sequences");
        (_labels, _choices) = (labels.Sequences, labels.Choices);
        _weight = 1.0 / Math.Max(1, _labels.Count(label => label != Losses.Ignored));
    }

    /// <inheritdoc/>
    public override void AddRows(MicroBatch part, List<int> rows)
    {
        for (int i = 0; i < part.Count; i++)
        {
            rows.Add(part.Offsets[i]);
        }
    }

    /// <inheritdoc/>
    public override unsafe void Run(Matrix logits, ReadOnlySpan<int> rows, MicroBatch part, Span<double> losses, Team team)
    {
        float* scores = stackalloc float[_choices];
        (int first, int count) = team.Share(rows.Length / _choices);
        for (int group = first; group < first + count; group++)
        {
            int label = _labels[(part.FirstSequence / _choices) + group], row = group * _choices;
            losses.Slice(row, _choices).Clear();
            for (int i = 0; i < _choices; i++)
            {
                scores[i] = logits.RowSpan(row + i)[0];
            }

            Matrix together = new((nint)scores, 1, _choices, _choices);
            if (label == Losses.Ignored)
            {
                together.RowSpan(0).Clear();
            }
            else
            {
                losses[row] = CrossEntropyGradient.Run(together, label, _weight);
            }

            for (int i = 0; i < _choices; i++)
            {
                logits.RowSpan(row + i)[0] = scores[i];
            }
        }
    }
}
