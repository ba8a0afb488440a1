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

    /// <summary>Computes this member's share of <paramref name="logits"/>.</summary>
    /// <param name="x">[R, H] hidden states or pooled outputs.</param>
    /// <param name="inner">[R, H] room for the dense layer's output.</param>
    /// <param name="logits">[R, outputs].</param>
    /// <param name="team">The threads that share the work.</param>
    public void Forward(Matrix x, Matrix inner, Matrix logits, Team team)
    {
        if (dense is not null)
        {
            dense.Forward(x, inner, new GemmEpilogue(activation), team);
            team.Meet();
            layerNorm?.Forward(inner, inner, team);
            team.Meet();
        }

        output.Forward(dense is null ? x : inner, logits, GemmEpilogue.None, team);
    }
}
