namespace BertSharp.Tests;

/// <summary>Bits of signs, and how many differ: the slow twin counts values.</summary>
[Collection(Widths.Alone)]
public sealed unsafe class BitVectorsTests
{
    /// <summary>One more than two blocks of eight rows, so that blocks and single rows are both met.</summary>
    private const int Rows = 17;

    [Fact]
    public void Every_length_counts_the_signs_that_differ_between_guard_pages_at_every_width() => Widths.ForEach(_ =>
    {
        using GuardedMemory rowMemory = new(Rows * 65 * 2), queryMemory = new(65 * 2);
        foreach (int dimension in Enumerable.Range(1, 130).Concat([384, 1024, 4096, 4097]))
        {
            int words = BitVectors.Words(dimension);
            float[][] rows = [.. Enumerable.Range(0, Rows).Select(seed => Numbers.Array(dimension, (100 * dimension) + seed))];
            float[] query = Numbers.Array(dimension, dimension);
            query[0] = 0; // Not positive.
            float[] expected = [.. rows.Select(row => -(float)row.Zip(query).Count(pair => pair.First > 0 != pair.Second > 0))];
            foreach (Guard guard in Enum.GetValues<Guard>())
            {
                ulong* x = (ulong*)rowMemory.At(guard, Rows * words * 2), y = (ulong*)queryMemory.At(guard, words * 2);
                for (int r = 0; r < Rows; r++)
                {
                    BitVectors.Pack(rows[r], new Span<byte>(x + (r * words), words * sizeof(ulong)));
                }

                BitVectors.Pack(query, new Span<byte>(y, words * sizeof(ulong)));
                float[] actual = new float[Rows];
                BitVectors.Score(x, y, words, actual);
                Assert.Equal(expected, actual);
            }

            byte[] bits = new byte[(dimension + 7) / 8];
            BitVectors.Pack(query, bits);
            Assert.Equal(EmbeddingQuantizer.ToUBinary(query), bits);
        }
    });
}
