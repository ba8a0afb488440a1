using System.Runtime.InteropServices;

namespace BertSharp;

/// <summary>
/// Vectors of a byte a dimension and a scale each. Dot products are of whole numbers, exact; for distances a row is widened to
/// float32 and compared with the query as it is.
/// </summary>
internal sealed unsafe class Int8Rows(SimilarityFunction similarity, int dimension) : VectorRows(dimension)
{
    private readonly RowMemory _values = new(Int8Vectors.PaddedLength(dimension));
    private readonly RowMemory _scales = new(sizeof(float));
    private readonly bool _isProduct = similarity is SimilarityFunction.Cosine or SimilarityFunction.Dot;

    public override int Count => _values.Count;

    public override int RowBytes => _values.RowBytes + sizeof(float);

    /// <summary>Products: the values as 16-bit numbers, then the scale. Distances: float32.</summary>
    public override int QueryBytes => _isProduct ? (2 * _values.RowBytes) + Int8Vectors.Alignment : Dimension * sizeof(float);

    public override int ScratchLength => _isProduct ? 0 : Dimension;

    public override void Add(ReadOnlySpan<float> vector)
    {
        Span<sbyte> values = Append(0);
        Scale(Count - 1) = Quantize(vector, values);
    }

    /// <summary>Room for one more vector of a scale.</summary>
    public Span<sbyte> Append(float scale)
    {
        MemoryMarshal.Cast<byte, float>(_scales.Append())[0] = scale;
        return MemoryMarshal.Cast<byte, sbyte>(_values.Append())[..Dimension];
    }

    public override void Decode(int row, Span<float> vector) => Int8Vectors.Dequantize(Values(row), Scale(row), vector);

    /// <summary>The whole numbers of a row.</summary>
    public ReadOnlySpan<sbyte> Values(int row) => MemoryMarshal.Cast<byte, sbyte>(_values.RowSpan(row))[..Dimension];

    /// <summary>The scale of a row.</summary>
    public ref float Scale(int row) => ref MemoryMarshal.Cast<byte, float>(_scales.RowSpan(row))[0];

    public override void Prepare(ReadOnlySpan<float> vector, byte* query)
    {
        if (!_isProduct)
        {
            vector.CopyTo(new Span<float>(query, Dimension));
            return;
        }

        new Span<byte>(query, QueryBytes).Clear();
        sbyte* values = stackalloc sbyte[Int8Vectors.PaddedLength(Dimension)];
        *(float*)(query + (2 * _values.RowBytes)) = Quantize(vector, new Span<sbyte>(values, Dimension));
        for (int i = 0; i < Dimension; i++)
        {
            ((short*)query)[i] = values[i];
        }
    }

    public override void Score(int first, byte* queries, Matrix scores, float* scratch)
    {
        for (int q = 0; q < scores.Rows; q++, queries += QueryBytes)
        {
            Span<float> destination = scores.RowSpan(q);
            if (_isProduct)
            {
                float scale = *(float*)(queries + (2 * _values.RowBytes));
                Int8Vectors.Score((sbyte*)_values.Row(first), (float*)_scales.Row(first), (short*)queries, scale, _values.RowBytes, destination);
                continue;
            }

            for (int r = 0; r < destination.Length; r++)
            {
                Span<float> row = new(scratch, Dimension);
                Decode(first + r, row);
                destination[r] = Similarity.Score(similarity, new ReadOnlySpan<float>(queries, Dimension), row);
            }
        }
    }

    /// <summary>The scale; for cosine it makes up for what rounding did to the vector's length, so that a text is alike to itself by 1.</summary>
    private float Quantize(ReadOnlySpan<float> vector, Span<sbyte> values)
    {
        float scale = SymmetricInt8.Quantize(vector, values);
        if (similarity != SimilarityFunction.Cosine || scale == 0)
        {
            return scale;
        }

        long squares = 0;
        foreach (sbyte value in values)
        {
            squares += value * value;
        }

        return (float)(1 / double.Sqrt(squares));
    }

    public override int Contiguous(int row, int wanted) => _scales.Contiguous(row, _values.Contiguous(row, wanted));

    public override void Hold()
    {
        _values.Hold();
        try
        {
            _scales.Hold();
        }
        catch
        {
            _values.Release();
            throw;
        }
    }

    public override void Release()
    {
        _values.Release();
        _scales.Release();
    }

    public override void Dispose()
    {
        _values.Dispose();
        _scales.Dispose();
    }
}
