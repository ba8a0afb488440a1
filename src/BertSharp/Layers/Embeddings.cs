namespace BertSharp;

/// <summary>
/// LayerNorm(word + token type + position) (Devlin et al. 2018, section 3, figure 2), then, where the embedding size E
/// differs from H, a projection (ELECTRA; Clark et al. 2020).
/// </summary>
internal sealed class Embeddings(Parameter word, Parameter position, Parameter? tokenType, LayerNorm layerNorm, Linear? projection)
{
    /// <summary>Fills <see cref="Activations.Hidden"/> [T, H].</summary>
    /// <param name="inputIds">[T] rows of the word table.</param>
    /// <param name="tokenTypeIds">[T] rows of the token type table.</param>
    /// <param name="positionIds">[T] rows of the position table.</param>
    /// <param name="a">The pass's matrices.</param>
    /// <param name="team">The threads that share the work.</param>
    public void Forward(ReadOnlySpan<int> inputIds, ReadOnlySpan<int> tokenTypeIds, ReadOnlySpan<int> positionIds, Activations a, Team team)
    {
        Matrix sum = projection is null ? a.Hidden : a.Embedded;
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
        layerNorm.Forward(sum, sum, team);
        team.Meet(Operation.EmbeddingLayerNorm);
        if (projection is not null)
        {
            projection.Forward(sum, a.Hidden, GemmEpilogue.None, team);
            team.Meet(Operation.EmbeddingProjection);
        }
    }
}
