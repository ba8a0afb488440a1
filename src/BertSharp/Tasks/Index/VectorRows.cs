namespace BertSharp;

/// <summary>
/// The vectors of an index in one precision, which scores any of its rows against queries. Adding is for one thread, before
/// the first search; after that it is immutable.
/// </summary>
internal abstract unsafe class VectorRows : IDisposable
{
    /// <summary>No rows yet.</summary>
    protected VectorRows(int dimension) => Dimension = dimension;

    /// <summary>Values of a vector.</summary>
    public int Dimension { get; }

    /// <summary>Number of vectors.</summary>
    public abstract int Count { get; }

    /// <summary>Bytes that a search reads for each row.</summary>
    public abstract int RowBytes { get; }

    /// <summary>Bytes of a prepared query.</summary>
    public abstract int QueryBytes { get; }

    /// <summary>Float32 values of scratch that <see cref="Score"/> needs.</summary>
    public virtual int ScratchLength => 0;

    /// <summary>Appends a vector.</summary>
    public abstract void Add(ReadOnlySpan<float> vector);

    /// <summary>The values of a row, as far as its precision keeps them.</summary>
    public abstract void Decode(int row, Span<float> vector);

    /// <summary>Brings a query into the form that <see cref="Score"/> reads.</summary>
    public abstract void Prepare(ReadOnlySpan<float> vector, byte* query);

    /// <summary>scores[q, r] ← the similarity of query q and row <paramref name="first"/> + r; the rows lie in one piece (<see cref="Contiguous"/>).</summary>
    public abstract void Score(int first, byte* queries, Matrix scores, float* scratch);

    /// <summary>How many rows from <paramref name="row"/> on can be scored at once, at most <paramref name="wanted"/>.</summary>
    public abstract int Contiguous(int row, int wanted);

    /// <summary>Keeps the memory alive until <see cref="Release"/>.</summary>
    public abstract void Hold();

    /// <summary>Ends what <see cref="Hold"/> began.</summary>
    public abstract void Release();

    /// <inheritdoc/>
    public abstract void Dispose();
}
