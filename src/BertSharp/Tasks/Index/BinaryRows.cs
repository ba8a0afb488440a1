namespace BertSharp;

/// <summary>Vectors of a bit a dimension, scored by the number of bits that differ: good enough to choose candidates from.</summary>
internal sealed unsafe class BinaryRows(int dimension) : VectorRows(dimension)
{
    private readonly RowMemory _bits = new(BitVectors.Words(dimension) * sizeof(ulong));

    public override int Count => _bits.Count;

    public override int RowBytes => _bits.RowBytes;

    public override int QueryBytes => _bits.RowBytes;

    /// <summary>Bytes of a row without the filling.</summary>
    private int PackedBytes => (Dimension + 7) / 8;

    public override void Add(ReadOnlySpan<float> vector) => BitVectors.Pack(vector, Append());

    /// <summary>Room for the bits of one more vector.</summary>
    public Span<byte> Append() => _bits.Append()[..PackedBytes];

    /// <summary>The bits of a row.</summary>
    public ReadOnlySpan<byte> Bits(int row) => _bits.RowSpan(row)[..PackedBytes];

    /// <summary>1 where the value was positive, −1 elsewhere.</summary>
    public override void Decode(int row, Span<float> vector)
    {
        ReadOnlySpan<byte> bits = Bits(row);
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = (bits[i / 8] & (0x80 >> (i % 8))) != 0 ? 1 : -1;
        }
    }

    public override void Prepare(ReadOnlySpan<float> vector, byte* query) => BitVectors.Pack(vector, new Span<byte>(query, QueryBytes));

    public override void Score(int first, byte* queries, Matrix scores, float* scratch)
    {
        for (int q = 0; q < scores.Rows; q++, queries += QueryBytes)
        {
            BitVectors.Score((ulong*)_bits.Row(first), (ulong*)queries, QueryBytes / sizeof(ulong), scores.RowSpan(q));
        }
    }

    public override int Contiguous(int row, int wanted) => _bits.Contiguous(row, wanted);

    public override void Hold() => _bits.Hold();

    public override void Release() => _bits.Release();

    public override void Dispose() => _bits.Dispose();
}
