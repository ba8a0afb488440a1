namespace BertSharp;

/// <summary>A loss with one row of logits for each labelled token.</summary>
internal abstract class TokenLoss : HeadLoss
{
    private int[] _labels = [];
    private double _weight;

    /// <inheritdoc/>
    public override void Begin(StepLabels labels, PackedTokens step, int outputs)
    {
        Require(labels.Tokens.Length, step.InputIds.Length, "tokens");
        _labels = labels.Tokens;
        _weight = 1.0 / Math.Max(1, _labels.Count(label => label != Losses.Ignored));
    }

    /// <inheritdoc/>
    public override void AddRows(MicroBatch part, List<int> rows)
    {
        for (int row = 0; row < part.Tokens; row++)
        {
            if (_labels[part.FirstToken + row] != Losses.Ignored)
            {
                rows.Add(row);
            }
        }
    }

    /// <inheritdoc/>
    public override void Run(Matrix logits, ReadOnlySpan<int> rows, MicroBatch part, Span<double> losses, Team team)
    {
        (int first, int count) = team.Share(rows.Length);
        for (int i = first; i < first + count; i++)
        {
            losses[i] = Token(logits.Slice(i, 1), _labels[part.FirstToken + rows[i]], _weight);
        }
    }

    /// <summary>Replaces a token's logits by weight × gradient.</summary>
    /// <returns>weight × loss.</returns>
    protected abstract double Token(Matrix logits, int label, double weight);
}
