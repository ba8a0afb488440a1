namespace BertSharp;

/// <summary>The dropout of the attention probabilities of one head of one sequence.</summary>
/// <param name="Dropout">The pass's; null where nothing is dropped.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Head">The head.</param>
/// <param name="FirstRow">The row of the sequence's first query.</param>
internal readonly record struct HeadDropout(Dropout? Dropout, int Layer, int Head, int FirstRow)
{
    /// <summary>Whether probabilities are dropped.</summary>
    public bool IsActive => Dropout is { Probabilities.Attention: > 0 };

    /// <summary>Writes mask∘p, where anything is dropped.</summary>
    /// <param name="p">Rows of probabilities.</param>
    /// <param name="kept">The same shape; may be <paramref name="p"/>.</param>
    /// <param name="query">The query of the first row, within the sequence.</param>
    public void Apply(Matrix p, Matrix kept, int query)
    {
        if (!IsActive)
        {
            return;
        }

        float[] mask = System.Buffers.ArrayPool<float>.Shared.Rent(p.Columns);
        Span<float> factors = mask.AsSpan(0, p.Columns);
        for (int row = 0; row < p.Rows; row++)
        {
            DropoutMask.Fill(Dropout!.Key(DropoutSite.Attention, Layer, FirstRow + query + row, Head), Dropout.Probabilities.Attention, factors);
            Arithmetic.Multiply(p.RowSpan(row), factors, kept.RowSpan(row));
        }

        System.Buffers.ArrayPool<float>.Shared.Return(mask);
    }
}
