namespace BertSharp;

/// <summary>The vectors of an index: those that a search reads, and, where they are bits, those that order what it found.</summary>
/// <param name="Scanned">What is read for all rows.</param>
/// <param name="Precise">What scores are of; the same where there is one precision.</param>
internal sealed record IndexRows(VectorRows Scanned, VectorRows Precise) : IDisposable
{
    /// <summary>The longest vector: sums of int8 products stay within 32 bits.</summary>
    public const int MaxDimension = Int8Vectors.MaxLength;

    /// <summary>No rows yet.</summary>
    public static IndexRows Create(IndexPrecision precision, SimilarityFunction similarity, int dimension)
    {
        VectorRows precise = precision == IndexPrecision.Float32 ? new FloatRows(similarity, dimension) : new Int8Rows(similarity, dimension);
        return new IndexRows(precision == IndexPrecision.Binary ? new BinaryRows(dimension) : precise, precise);
    }

    /// <summary>Appends a vector.</summary>
    public void Add(ReadOnlySpan<float> vector)
    {
        Precise.Add(vector);
        if (Scanned != Precise)
        {
            Scanned.Add(vector);
        }
    }

    /// <summary>Keeps the memory alive until <see cref="Release"/>.</summary>
    public void Hold()
    {
        Precise.Hold();
        try
        {
            Scanned.Hold();
        }
        catch
        {
            Precise.Release();
            throw;
        }
    }

    /// <summary>Ends what <see cref="Hold"/> began.</summary>
    public void Release()
    {
        Precise.Release();
        Scanned.Release();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Scanned.Dispose();
        Precise.Dispose();
    }
}
