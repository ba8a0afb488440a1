namespace BertSharp;

/// <summary>
/// The attention sub-layer: LayerNorm(x + dense(attention(x·Wq, x·Wk, x·Wv))) (Devlin et al. 2018, section 3;
/// Vaswani et al. 2017, section 3.2.2).
/// </summary>
internal sealed unsafe class SelfAttention(Linear query, Linear key, Linear value, Linear dense, LayerNorm layerNorm, int heads)
{
    /// <summary>From <see cref="Activations.Hidden"/> [T, H] to <see cref="Activations.Attended"/> [T, H].</summary>
    /// <param name="a">The pass's matrices.</param>
    /// <param name="offsets">[B + 1] rows of the sequences.</param>
    /// <param name="attended">[B] how many tokens of each sequence are attended to.</param>
    /// <param name="probabilities">Receives [N, S, S] of every sequence; may be null.</param>
    /// <param name="probabilityOffsets">[B]: where each sequence's probabilities begin.</param>
    /// <param name="team">The threads that share the work.</param>
    public void Forward(Activations a, ReadOnlySpan<int> offsets, ReadOnlySpan<int> attended, float* probabilities, ReadOnlySpan<long> probabilityOffsets, Team team)
    {
        QuantizedRows rounded = query.IsDynamic || key.IsDynamic || value.IsDynamic ? Linear.Quantize(a.Hidden, team) : default;
        query.Forward(a.Hidden, rounded, a.Query, GemmEpilogue.None, team);
        key.Forward(a.Hidden, rounded, a.Key, GemmEpilogue.None, team);
        value.Forward(a.Hidden, rounded, a.Value, GemmEpilogue.None, team);
        team.Meet(Operation.QueryKeyValue);
        ScaledDotProductAttention.Forward(a.Query, a.Key, a.Value, offsets, attended, heads, a.Scratch[team.Index], probabilities, probabilityOffsets, team);
        team.Meet();
        dense.Forward(a.Query, a.Attended, new GemmEpilogue(Residual: a.Hidden), team);
        team.Meet(Operation.AttentionOutput);
        layerNorm.Forward(a.Attended, a.Attended, team);
        team.Meet(Operation.AttentionLayerNorm);
    }
}
