namespace BertSharp.Tests;

/// <summary>Bits of signs, and how many differ: the slow twin counts values.</summary>
public sealed unsafe class BitVectorsTests
{
    [Fact]
    public void Every_length_counts_the_signs_that_differ_between_guard_pages()
    {
        using GuardedMemory rowMemory = new(3 * 8), queryMemory = new(8);
        for (int dimension = 1; dimension <= 130; dimension++)
        {
            int words = BitVectors.Words(dimension);
            float[][] rows = [.. Enumerable.Range(0, 3).Select(seed => Numbers.Array(dimension, (100 * dimension) + seed))];
            float[] query = Numbers.Array(dimension, dimension);
            query[0] = 0; // Not positive.
            float[] expected = [.. rows.Select(row => -(float)row.Zip(query).Count(pair => pair.First > 0 != pair.Second > 0))];
            foreach (Guard guard in Enum.GetValues<Guard>())
            {
                ulong* x = (ulong*)rowMemory.At(guard, 3 * words * 2), y = (ulong*)queryMemory.At(guard, words * 2);
                for (int r = 0; r < 3; r++)
                {
                    BitVectors.Pack(rows[r], new Span<byte>(x + (r * words), words * sizeof(ulong)));
                }

                BitVectors.Pack(query, new Span<byte>(y, words * sizeof(ulong)));
                float[] actual = new float[3];
                BitVectors.Score(x, y, words, actual);
                Assert.Equal(expected, actual);
            }

            byte[] bits = new byte[(dimension + 7) / 8];
            BitVectors.Pack(query, bits);
            Assert.Equal(EmbeddingQuantizer.ToUBinary(query), bits);
        }
    }
}
