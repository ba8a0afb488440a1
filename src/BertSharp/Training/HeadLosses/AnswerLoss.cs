namespace BertSharp;

/// <summary>
/// The mean of the cross entropies of the answer's first and last token, each over the tokens of its sequence
/// (Devlin et al. 2018, section 4.2). A place behind the sequence is no label, as in transformers.
/// </summary>
internal sealed class AnswerLoss : HeadLoss
{
    private readonly double[] _weights = new double[2];
    private readonly int[][] _places = [[], []];

    /// <inheritdoc/>
    public override string Name => "answer";

    /// <inheritdoc/>
    public override bool RowsAreIndependent => false;

    /// <inheritdoc/>
    public override void Begin(StepLabels labels, PackedTokens step, int outputs)
    {
        Require(labels.Starts.Length, step.Count, "sequences");
        Require(labels.Ends.Length, step.Count, "sequences");
        (_places[0], _places[1]) = (labels.Starts, labels.Ends);
        for (int side = 0; side < 2; side++)
        {
            int labelled = 0;
            for (int i = 0; i < step.Count; i++)
            {
                labelled += IsLabel(_places[side][i], step.Length(i)) ? 1 : 0;
            }

            _weights[side] = 0.5 / Math.Max(1, labelled);
        }
    }

    /// <inheritdoc/>
    public override void AddRows(MicroBatch part, List<int> rows)
    {
        for (int row = 0; row < part.Tokens; row++)
        {
            rows.Add(row);
        }
    }

    /// <inheritdoc/>
    public override void Run(Matrix logits, ReadOnlySpan<int> rows, MicroBatch part, Span<double> losses, Team team)
    {
        (int first, int count) = team.Share(part.Count);
        for (int i = first; i < first + count; i++)
        {
            (int start, int length) = (part.Offsets[i], part.Offsets[i + 1] - part.Offsets[i]);
            losses.Slice(start, length).Clear();
            for (int side = 0; side < 2; side++)
            {
                losses[start] += Side(logits.Slice(start, length), side, _places[side][part.FirstSequence + i]);
            }
        }
    }

    private static bool IsLabel(int place, int length) => (uint)place < (uint)length;

    private unsafe double Side(Matrix logits, int side, int place)
    {
        float* scores = stackalloc float[logits.Rows];
        for (int token = 0; token < logits.Rows; token++)
        {
            scores[token] = logits.Row(token)[side];
        }

        Matrix together = new((nint)scores, 1, logits.Rows, logits.Rows);
        double loss = 0;
        if (IsLabel(place, logits.Rows))
        {
            loss = CrossEntropyGradient.Run(together, place, _weights[side]);
        }
        else
        {
            together.RowSpan(0).Clear();
        }

        for (int token = 0; token < logits.Rows; token++)
        {
            logits.Row(token)[side] = scores[token];
        }

        return loss;
    }
}
