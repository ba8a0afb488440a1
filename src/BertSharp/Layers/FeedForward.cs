namespace BertSharp;

/// <summary>
/// The feed-forward sub-layer: LayerNorm(x + down(act(up(x)))) (Vaswani et al. 2017, section 3.3; Devlin et al. 2018 use GELU).
/// </summary>
internal sealed class FeedForward(Linear up, Activation activation, Linear down, LayerNorm layerNorm)
{
    /// <summary>From <see cref="Activations.Attended"/> [T, H] to <see cref="Activations.Hidden"/> [T, H].</summary>
    public void Forward(Activations a, Team team)
    {
        up.Forward(a.Attended, a.Intermediate, new GemmEpilogue(Activation: activation), team);
        team.Meet(Operation.FeedForwardUp);
        down.Forward(a.Intermediate, a.Hidden, new GemmEpilogue(Residual: a.Attended), team);
        team.Meet(Operation.FeedForwardDown);
        layerNorm.Forward(a.Hidden, a.Hidden, team);
        team.Meet(Operation.FeedForwardLayerNorm);
    }
}
