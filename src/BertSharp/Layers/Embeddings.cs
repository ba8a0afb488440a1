namespace BertSharp;

/// <summary>
/// LayerNorm(word + token type + position) (Devlin et al. 2018, section 3, figure 2), then, where the embedding size E
/// differs from H, a projection (ELECTRA; Clark et al. 2020).
/// </summary>
/// <param name="word">[V, E].</param>
/// <param name="position">[positions, E].</param>
/// <param name="tokenType">[types, E]; null where the family has none.</param>
/// <param name="layerNorm">Over E.</param>
/// <param name="projection">[H, E]; null where E = H.</param>
/// <param name="padTokenId">The word that is not trained.</param>
/// <param name="padPosition">The position that is not trained; −1 where all are.</param>
internal sealed class Embeddings(Parameter word, Parameter position, Parameter? tokenType, LayerNorm layerNorm, Linear? projection, int padTokenId, int padPosition)
{
    /// <summary>Fills <see cref="Activations.Hidden"/> [T, H].</summary>
    /// <param name="inputIds">[T] rows of the word table.</param>
    /// <param name="tokenTypeIds">[T] rows of the token type table.</param>
    /// <param name="positionIds">[T] rows of the position table.</param>
    /// <param name="a">The pass's matrices.</param>
    /// <param name="team">The threads that share the work.</param>
    public void Forward(ReadOnlySpan<int> inputIds, ReadOnlySpan<int> tokenTypeIds, ReadOnlySpan<int> positionIds, Activations a, Team team)
    {
        // 1: word + token type + position
        Matrix sum = a.EmbeddingSum;
        (int first, int count) = team.Share(sum.Rows);
        for (int row = first; row < first + count; row++)
        {
            // The reference adds in this order: word + token type, then position.
            Span<float> values = sum.RowSpan(row);
            word.Table.RowSpan(inputIds[row]).CopyTo(values);
            if (tokenType is not null)
            {
                Arithmetic.Add(values, tokenType.Table.RowSpan(tokenTypeIds[row]));
            }

            Arithmetic.Add(values, position.Table.RowSpan(positionIds[row]));
        }

        team.End(Operation.EmbeddingLookup);

        // 2: LayerNorm, dropout
        layerNorm.Forward(sum, a.Embedded, a.EmbeddingStatistics, team);
        a.Dropout?.Apply(DropoutSite.Embeddings, a.Layer, a.Embedded, team);
        team.Meet(Operation.EmbeddingLayerNorm);

        // 3: projection
        if (projection is not null)
        {
            projection.Forward(a.Embedded, a.Hidden, GemmEpilogue.None, team, a.Dropout);
            team.Meet(Operation.EmbeddingProjection);
        }
    }

    /// <summary>Adds to the gradients of the tables from <see cref="ActivationGradients.Hidden"/>, rows ascending.</summary>
    /// <param name="inputIds">[T].</param>
    /// <param name="tokenTypeIds">[T].</param>
    /// <param name="positionIds">[T].</param>
    /// <param name="a">What the forward pass kept.</param>
    /// <param name="g">The gradient.</param>
    /// <param name="team">The threads that share the work.</param>
    public void Backward(ReadOnlySpan<int> inputIds, ReadOnlySpan<int> tokenTypeIds, ReadOnlySpan<int> positionIds, Activations a, ActivationGradients g, Team team)
    {
        // 3
        if (team.Index == 0)
        {
            g.Words?.Prepare(inputIds);
        }

        projection?.Backward(a.Embedded, g.Hidden, g.Embedded, GemmEpilogue.None, g.Transposed, team, a.Dropout);

        // 2
        if (a.Dropout is { Probabilities.Hidden: > 0 })
        {
            a.Dropout.Apply(DropoutSite.Embeddings, a.Layer, g.Embedded, team);
            team.Meet();
        }

        layerNorm.Backward(a.EmbeddingSum, a.EmbeddingStatistics, g.Embedded, team);

        // 1: each member has columns of its own
        (int first, int columns) = Linear.ShareOfColumns(g.Embedded.Columns, team);
        for (int row = 0; row < inputIds.Length; row++)
        {
            ReadOnlySpan<float> dRow = g.Embedded.RowSpan(row).Slice(first, columns);

            // The padding's row is not trained, as in torch.nn.Embedding with a padding_idx.
            if (word.Gradient is { } dWord && inputIds[row] != padTokenId)
            {
                Arithmetic.Add((g.Words is null ? dWord.Table.RowSpan(inputIds[row]) : g.Words.Sum(inputIds[row])).Slice(first, columns), dRow);
            }

            if (tokenType?.Gradient is { } dTokenType)
            {
                Arithmetic.Add(dTokenType.Table.RowSpan(tokenTypeIds[row]).Slice(first, columns), dRow);
            }

            if (position.Gradient is { } dPosition && positionIds[row] != padPosition)
            {
                Arithmetic.Add(dPosition.Table.RowSpan(positionIds[row]).Slice(first, columns), dRow);
            }
        }

        team.Meet();
    }
}
