using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BertSharp;

/// <summary>
/// Vectors of whole numbers −127 … 127 with one scale each (<see cref="SymmetricInt8"/>). A dot product of two is exact in 32
/// bits, so its bits depend on nothing.
/// </summary>
internal static unsafe class Int8Vectors
{
    /// <summary>Bytes to which vectors are padded with zeros, so that no width has a tail.</summary>
    public const int Alignment = 64;

    /// <summary>The longest vector whose dot products stay within 32 bits: 127² · 65,536 &lt; 2³¹.</summary>
    public const int MaxLength = 65_536;

    /// <summary>Bytes of a padded vector.</summary>
    public static int PaddedLength(int length) => (length + Alignment - 1) / Alignment * Alignment;

    /// <summary>x ← scale·values.</summary>
    public static void Dequantize(ReadOnlySpan<sbyte> values, float scale, Span<float> x)
    {
        for (int i = 0; i < values.Length; i++)
        {
            x[i] = scale * values[i];
        }
    }

    /// <summary>scores[r] ← (row r · query) · (its scale · the query's), the product of whole numbers exact.</summary>
    /// <param name="rows">[R, length], end to end.</param>
    /// <param name="scales">[R].</param>
    /// <param name="query">[length], widened to 16 bits.</param>
    /// <param name="queryScale">The query's scale.</param>
    /// <param name="length">A multiple of <see cref="Alignment"/>.</param>
    /// <param name="scores">[R].</param>
    public static void Score(sbyte* rows, float* scales, short* query, float queryScale, int length, Span<float> scores)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(length % Alignment, 0);
        fixed (float* destination = scores)
        {
            Simd.Run(new Kernel(rows, scales, query, queryScale, length, destination, scores.Length));
        }
    }

    private readonly struct Kernel(sbyte* rows, float* scales, short* query, float queryScale, int length, float* scores, int count) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            int r = 0;
            if (L.Count == 16 && Avx512BW.IsSupported)
            {
                for (; r <= count - 4; r += 4)
                {
                    Prefetch.BehindRow(rows + ((nint)r * length), 4 * length);
                    Vector128<float> scale = Vector128.Load(scales + r) * Vector128.Create(queryScale);
                    (Vector128.ConvertToSingle(FourRows(rows + ((nint)r * length))) * scale).Store(scores + r);
                }
            }

            for (; r < count; r++)
            {
                scores[r] = Dot<L, V>(rows + ((nint)r * length)) * (scales[r] * queryScale);
            }
        }

        /// <summary>Four rows share each vector of the query, and their sums are folded together.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Vector128<int> FourRows(sbyte* row)
        {
            Vector512<int> a = default, b = default, c = default, d = default;
            for (int i = 0; i < length; i += 32)
            {
                Vector512<short> q = Vector512.Load(query + i);
                sbyte* x = row + i;
                a += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(x)), q);
                b += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(x + length)), q);
                c += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(x + (2 * length))), q);
                d += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(x + (3 * length))), q);
            }

            return Ssse3.HorizontalAdd(Ssse3.HorizontalAdd(Quarter(a), Quarter(b)), Ssse3.HorizontalAdd(Quarter(c), Quarter(d)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector128<int> Quarter(Vector512<int> sum)
        {
            Vector256<int> half = sum.GetLower() + sum.GetUpper();
            return half.GetLower() + half.GetUpper();
        }

        /// <summary>Whole numbers: any order gives the same sum.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private int Dot<L, V>(sbyte* row)
            where L : struct, ILane<V>
            where V : struct
        {
            if (L.Count == 16 && Avx512BW.IsSupported)
            {
                Vector512<int> sum = default;
                for (int i = 0; i < length; i += 32)
                {
                    sum += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(row + i)), Vector512.Load(query + i));
                }

                return Fold(Quarter(sum));
            }

            if (L.Count == 8 && Avx2.IsSupported)
            {
                Vector256<int> sum = default;
                for (int i = 0; i < length; i += 16)
                {
                    sum += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.Load(row + i)), Vector256.Load(query + i));
                }

                return Fold(sum);
            }

            return L.Count > 1 ? Dot128(row) : DotScalar(row);
        }

        /// <summary>Without an instruction that widens: −127·127 fits 16 bits, the sum of two does not.</summary>
        private int Dot128(sbyte* row)
        {
            Vector128<int> sum = default;
            for (int i = 0; i < length; i += 16)
            {
                (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Load(row + i));
                low *= Vector128.Load(query + i);
                high *= Vector128.Load(query + i + 8);
                sum += Vector128.WidenLower(low) + Vector128.WidenUpper(low) + (Vector128.WidenLower(high) + Vector128.WidenUpper(high));
            }

            return Fold(sum);
        }

        private int DotScalar(sbyte* row)
        {
            int sum = 0;
            for (int i = 0; i < length; i++)
            {
                sum += row[i] * query[i];
            }

            return sum;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static int Fold(Vector256<int> sum) => Fold(sum.GetLower() + sum.GetUpper());

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static int Fold(Vector128<int> sum) => sum[0] + sum[1] + (sum[2] + sum[3]);
    }
}
