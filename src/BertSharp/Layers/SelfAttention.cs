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
        // 1: queries, keys, values
        QuantizedRows rounded = query.IsDynamic || key.IsDynamic || value.IsDynamic ? Linear.Quantize(a.Hidden, team) : default;
        if (rows.HasAllQueries)
        {
            query.Forward(a.Hidden, rounded, a.Query, GemmEpilogue.None, team, a.Dropout);
        }

        key.Forward(a.Hidden, rounded, a.Key, GemmEpilogue.None, team, a.Dropout);
        value.Forward(a.Hidden, rounded, a.Value, GemmEpilogue.None, team, a.Dropout);
        team.Meet(Operation.QueryKeyValue);
        if (!rows.HasAllQueries)
        {
            QueryFirstTokens(a, rows, team);
        }

        // 2: attention
        ScaledDotProductAttention.Forward(a, rows, heads, probabilities, team);
        team.Meet();

        // 3: dense, dropout, residual
        dense.Forward(a.Context, a.AttentionSum, new GemmEpilogue(Residual: a.Dropout is null ? a.Hidden : default), team, a.Dropout);
        team.Meet(Operation.AttentionOutput);
        a.Dropout?.AddResidual(DropoutSite.AttentionOutput, a.Layer, a.AttentionSum, a.Hidden, team);

        // 4: LayerNorm
        layerNorm.Forward(a.AttentionSum, a.Attended, a.AttentionStatistics, team);
        team.Meet(Operation.AttentionLayerNorm);
    }

    /// <summary>Replaces <see cref="ActivationGradients.Hidden"/>, the gradient of the output, by that of what entered.</summary>
    public void Backward(Activations a, ActivationGradients g, in AttentionRows rows, Team team)
    {
        // 4
        layerNorm.Backward(a.AttentionSum, a.AttentionStatistics, g.Hidden, team);

        // 3: the residual's gradient stays in g.Hidden
        Matrix dDense = g.BeforeDropout(a.Dropout, DropoutSite.AttentionOutput, a.Layer, team);
        dense.Backward(a.Context, dDense, g.Query, GemmEpilogue.None, g.Transposed, team, a.Dropout);

        // 2
        ScaledDotProductAttention.Backward(a, g, rows, heads, team);
        team.Meet();

        // 1
        value.Backward(a.Hidden, g.Value, g.Hidden, new GemmEpilogue(Accumulates: true), g.Transposed, team, a.Dropout);
        key.Backward(a.Hidden, g.Key, g.Hidden, new GemmEpilogue(Accumulates: true), g.Transposed, team, a.Dropout);
        query.Backward(a.Hidden, g.Query, g.Hidden, new GemmEpilogue(Accumulates: true), g.Transposed, team, a.Dropout);
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
