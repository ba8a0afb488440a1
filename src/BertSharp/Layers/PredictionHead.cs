namespace BertSharp;

/// <summary>
/// logits = output(LayerNorm(act(dense(x)))): the form of every head of the family. Only the masked language model has the
/// LayerNorm (Devlin et al. 2018, section 3.1); most classifiers have no dense layer of their own either.
/// </summary>
/// <param name="dense">The layer of the head's own, [H, H]; null: x goes to the output as it is.</param>
/// <param name="activation">What follows the dense layer.</param>
/// <param name="layerNorm">What follows the activation; null for none.</param>
/// <param name="output">[outputs, H].</param>
internal sealed class PredictionHead(Linear? dense, Activation activation, LayerNorm? layerNorm, Linear output)
{
    /// <summary>Number of logits a row.</summary>
    public int Outputs => output.Outputs;

    /// <summary>Whether a LayerNorm follows the activation.</summary>
    public bool HasLayerNorm => layerNorm is not null;

    /// <summary>Whether the output has a weight of its own, packed, and not a table of embeddings.</summary>
    public bool HasPackedOutput => output.IsPacked;

    /// <summary>Computes this member's share of <see cref="HeadActivations.Logits"/>.</summary>
    public void Forward(in HeadActivations a, Team team)
    {
        // 1: dropout
        if (a.Dropout is { Probabilities.HeadInput: > 0 })
        {
            a.Dropout.Apply(DropoutSite.HeadInput, -1, a.Input, team);
            team.Meet();
        }

        // 2: dense, activation, LayerNorm, dropout
        if (dense is not null)
        {
            dense.Forward(a.Input, a.Inner, new GemmEpilogue(activation, Kept: a.Kept), team, a.Dropout);
            team.Meet();
            layerNorm?.Forward(a.Inner, a.Normed, a.Statistics, team);
            if (a.Dropout is { Probabilities.HeadInner: > 0 })
            {
                a.Dropout.Apply(DropoutSite.HeadInner, -1, a.Inner, a.Normed, team);
            }

            team.Meet();
        }

        // 3: output
        output.Forward(dense is null ? a.Input : a.Normed, a.Logits, GemmEpilogue.None, team, a.Dropout);
    }

    /// <summary>
    /// Adds to the gradients of the head's parameters, and fills <see cref="HeadGradients.Input"/>; all of it is there when this
    /// returns.
    /// </summary>
    public void Backward(in HeadActivations a, in HeadGradients g, Team team)
    {
        // 3
        Matrix dOutput = dense is null ? g.Input : g.Inner;
        output.Backward(dense is null ? a.Input : a.Normed, g.Logits, dOutput, GemmEpilogue.None, g.Transposed, team, a.Dropout);

        // 2
        if (dense is not null)
        {
            if (a.Dropout is { Probabilities.HeadInner: > 0 })
            {
                a.Dropout.Apply(DropoutSite.HeadInner, -1, g.Inner, team);
                team.Meet();
            }

            layerNorm?.Backward(a.Inner, a.Statistics, g.Inner, team);
            (int first, int count) = team.Share(g.Inner.Rows);
            for (int row = first; row < first + count; row++)
            {
                Elementwise.MultiplyBySlope(activation, g.Inner.RowSpan(row), a.Kept.RowSpan(row));
            }

            team.Meet();
            dense.Backward(a.Input, g.Inner, g.Input, GemmEpilogue.None, g.Transposed, team, a.Dropout);
        }

        // 1
        if (a.Dropout is { Probabilities.HeadInput: > 0 })
        {
            a.Dropout.Apply(DropoutSite.HeadInput, -1, g.Input, team);
            team.Meet();
        }
    }
}
