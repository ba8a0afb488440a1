using System.Runtime.InteropServices;

namespace BertSharp;

/// <summary>Vectors of float32: four bytes a dimension.</summary>
internal sealed unsafe class FloatRows(SimilarityFunction similarity, int dimension) : VectorRows(dimension)
{
    private readonly RowMemory _values = new(dimension * sizeof(float));

    public override int Count => _values.Count;

    public override int RowBytes => _values.RowBytes;

    /// <summary>An odd number of cache lines, as rows of activations.</summary>
    public override int QueryBytes => Arena.Stride(Dimension) * sizeof(float);

    public override void Add(ReadOnlySpan<float> vector) => vector.CopyTo(Append());

    /// <summary>Room for one more vector.</summary>
    public Span<float> Append() => MemoryMarshal.Cast<byte, float>(_values.Append());

    public override void Decode(int row, Span<float> vector) => Values(row).CopyTo(vector);

    /// <summary>The values of a row.</summary>
    public ReadOnlySpan<float> Values(int row) => MemoryMarshal.Cast<byte, float>(_values.RowSpan(row));

    public override void Prepare(ReadOnlySpan<float> vector, byte* query) => vector.CopyTo(new Span<float>(query, Dimension));

    public override void Score(int first, byte* queries, Matrix scores, float* scratch)
    {
        Matrix rows = new((nint)_values.Row(first), scores.Columns, Dimension, Dimension);
        RowScores.Run(similarity, rows, new Matrix((nint)queries, scores.Rows, Dimension, Arena.Stride(Dimension)), scores);
    }

    public override int Contiguous(int row, int wanted) => _values.Contiguous(row, wanted);

    public override void Hold() => _values.Hold();

    public override void Release() => _values.Release();

    public override void Dispose() => _values.Dispose();
}
