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
    /// .NET has no vector instruction that counts bits; the scalar one, one a clock or more, is faster than memory
    /// (<c>docs/decisions/0006-search.md</c>).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Score(ulong* rows, ulong* query, int words, Span<float> scores)
    {
        for (int r = 0; r < scores.Length; r++, rows += words)
        {
            long even = 0, odd = 0;
            int w = 0;
            for (; w <= words - 2; w += 2)
            {
                even += BitOperations.PopCount(rows[w] ^ query[w]);
                odd += BitOperations.PopCount(rows[w + 1] ^ query[w + 1]);
            }

            if (w < words)
            {
                even += BitOperations.PopCount(rows[w] ^ query[w]);
            }

            scores[r] = -(even + odd);
        }
    }
}
