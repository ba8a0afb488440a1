using System.Numerics;
using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>Vectors of one bit a dimension, set where the value is positive, in words of 64 bits; the last is filled with zeros.</summary>
internal static unsafe class BitVectors
{
    /// <summary>Words of a vector.</summary>
    public static int Words(int length) => (length + 63) / 64;

    /// <summary>bits ← x &gt; 0, the first dimension in the highest bit of the first byte.</summary>
    public static void Pack(ReadOnlySpan<float> x, Span<byte> bits)
    {
        bits.Clear();
        for (int i = 0; i < x.Length; i++)
        {
            bits[i / 8] |= (byte)(x[i] > 0 ? 0x80 >> (i % 8) : 0);
        }
    }

    /// <summary>scores[r] ← −(number of bits in which row r and the query differ).</summary>
    /// <param name="rows">[R, words], end to end.</param>
    /// <param name="query">[words].</param>
    /// <param name="words">Words of a vector.</param>
    /// <param name="scores">[R].</param>
    /// <remarks>
    /// .NET has no vector instruction that counts bits; with the scalar one four rows share each word of the query
    /// (<c>docs/decisions/0006-search.md</c>).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Score(ulong* rows, ulong* query, int words, Span<float> scores)
    {
        int r = 0;
        for (; r <= scores.Length - 4; r += 4, rows += 4 * words)
        {
            Prefetch.BehindRow(rows, 4 * words * sizeof(ulong));
            ulong* second = rows + words, third = second + words, fourth = third + words;
            int a = 0, b = 0, c = 0, d = 0;
            for (nint w = 0; w < words; w++)
            {
                ulong q = query[w];
                a += BitOperations.PopCount(rows[w] ^ q);
                b += BitOperations.PopCount(second[w] ^ q);
                c += BitOperations.PopCount(third[w] ^ q);
                d += BitOperations.PopCount(fourth[w] ^ q);
            }

            scores[r] = -a;
            scores[r + 1] = -b;
            scores[r + 2] = -c;
            scores[r + 3] = -d;
        }

        for (; r < scores.Length; r++, rows += words)
        {
            int a = 0;
            for (int w = 0; w < words; w++)
            {
                a += BitOperations.PopCount(rows[w] ^ query[w]);
            }

            scores[r] = -a;
        }
    }
}
