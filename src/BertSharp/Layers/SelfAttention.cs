namespace BertSharp;

/// <summary>
/// The attention sub-layer: LayerNorm(x + dense(attention(x·Wq, x·Wk, x·Wv))) (Devlin et al. 2018, section 3;
/// Vaswani et al. 2017, section 3.2.2).
/// </summary>
internal sealed unsafe class SelfAttention(Linear query, Linear key, Linear value, Linear dense, LayerNorm layerNorm, int heads)
{
    /// <summary>From <see cref="Activations.Hidden"/> [T, H] to <see cref="Activations.Attended"/>, the rows with queries.</summary>
    /// <param name="a">The pass's matrices; where not all rows have queries, it is left with those that do.</param>
    /// <param name="rows">The rows of the sequences.</param>
    /// <param name="probabilities">Receives [N, S, S] of every sequence; may be null.</param>
    /// <param name="team">The threads that share the work.</param>
    public void Forward(Activations a, in AttentionRows rows, float* probabilities, Team team)
    {
        QuantizedRows rounded = query.IsDynamic || key.IsDynamic || value.IsDynamic ? Linear.Quantize(a.Hidden, team) : default;
        if (rows.HasAllQueries)
        {
            query.Forward(a.Hidden, rounded, a.Query, GemmEpilogue.None, team);
        }

        key.Forward(a.Hidden, rounded, a.Key, GemmEpilogue.None, team);
        value.Forward(a.Hidden, rounded, a.Value, GemmEpilogue.None, team);
        team.Meet(Operation.QueryKeyValue);
        if (!rows.HasAllQueries)
        {
            QueryFirstTokens(a, rows, team);
        }

        ScaledDotProductAttention.Forward(a.Query, a.Key, a.Value, rows, heads, a.Scratch[team.Index], probabilities, team);
        team.Meet();
        dense.Forward(a.Query, a.Attended, new GemmEpilogue(Residual: a.Hidden), team);
        team.Meet(Operation.AttentionOutput);
        layerNorm.Forward(a.Attended, a.Attended, team);
        team.Meet(Operation.AttentionLayerNorm);
    }

    /// <summary>Leaves the first tokens alone, now that keys and values of all are there, and makes their queries.</summary>
    private void QueryFirstTokens(Activations a, in AttentionRows rows, Team team)
    {
        if (team.Index == 0)
        {
            a.KeepFirst(rows.Keys);
        }

        team.Meet();
        query.Forward(a.Hidden, a.Query, GemmEpilogue.None, team);
        team.Meet(Operation.QueryKeyValue);
    }
}
