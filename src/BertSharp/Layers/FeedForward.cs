namespace BertSharp;

/// <summary>
/// The feed-forward sub-layer: LayerNorm(x + down(act(up(x)))) (Vaswani et al. 2017, section 3.3; Devlin et al. 2018 use GELU).
/// </summary>
internal sealed class FeedForward(Linear up, Activation activation, Linear down, LayerNorm layerNorm)
{
    /// <summary>From <see cref="Activations.Attended"/> [T, H] to <see cref="Activations.Output"/> [T, H].</summary>
    public void Forward(Activations a, Team team)
    {
        // 1: up, activation
        up.Forward(a.Attended, a.Intermediate, new GemmEpilogue(activation, Kept: a.Up), team, a.Dropout);
        team.Meet(Operation.FeedForwardUp);

        // 2: down, dropout, residual
        down.Forward(a.Intermediate, a.Sum, new GemmEpilogue(Residual: a.Dropout is null ? a.Attended : default), team, a.Dropout);
        team.Meet(Operation.FeedForwardDown);
        a.Dropout?.AddResidual(DropoutSite.FeedForwardOutput, a.Layer, a.Sum, a.Attended, team);

        // 3: LayerNorm
        layerNorm.Forward(a.Sum, a.Output, a.OutputStatistics, team);
        team.Meet(Operation.FeedForwardLayerNorm);
    }

    /// <summary>Replaces <see cref="ActivationGradients.Hidden"/>, the gradient of the output, by that of what entered.</summary>
    public void Backward(Activations a, ActivationGradients g, Team team)
    {
        // 3
        layerNorm.Backward(a.Sum, a.OutputStatistics, g.Hidden, team);

        // 2: the residual's gradient stays in g.Hidden
        Matrix dDown = g.BeforeDropout(a.Dropout, DropoutSite.FeedForwardOutput, a.Layer, team);
        down.Backward(a.Intermediate, dDown, g.Intermediate, new GemmEpilogue(activation, Slope: a.Up), g.Transposed, team, a.Dropout);

        // 1
        up.Backward(a.Attended, g.Intermediate, g.Hidden, new GemmEpilogue(Accumulates: true), g.Transposed, team, a.Dropout);
    }
}
