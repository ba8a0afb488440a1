using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>
/// Rounds rows of activations to whole numbers: scale = max |x| / 127, n = x · (127 / max |x|) to the nearest, ties to even.
/// A row whose largest value is below 1e-35 becomes zeros; a row with a NaN or an infinite value gets the scale NaN, so that
/// all its products are NaN.
/// </summary>
internal static unsafe class RowQuantizer
{
    private const float Smallest = 1e-35f;

    /// <summary>Adding 1.5 · 2²³ rounds to a whole number, which then stands in the low bits.</summary>
    private const float Shift = 12_582_912f;

    [ThreadStatic]
    private static AlignedBuffer? _scratch;

    /// <summary>Rounds the rows <paramref name="first"/> … into memory of this thread, which its next call uses again.</summary>
    public static QuantizedRows Run(Matrix x, int first, int count)
    {
        QuantizedRows rows = new(0, 0, first, count, x.Columns, Simd.UsesVnni);
        if (_scratch is null || _scratch.Length < rows.Size)
        {
            _scratch?.Dispose();
            _scratch = new AlignedBuffer(rows.Size);
        }

        rows = rows with { Scales = (nint)_scratch.Pointer, Data = (nint)(_scratch.Pointer + Arena.VectorSize(count)) };
        Run(x.Slice(first, count), rows);
        return rows;
    }

    /// <summary>Rounds all rows of a matrix.</summary>
    public static void Run(Matrix x, QuantizedRows rows) => Simd.Run(new Kernel(x, rows));

    private readonly struct Kernel(Matrix x, QuantizedRows rows) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            for (int row = 0; row < rows.Count; row++)
            {
                float* source = x.Row(row);
                float largest = Largest<L, V>(source, x.Columns, out float nothing);
                *rows.Scale(row) = (largest / SymmetricInt8.Largest) + nothing;
                Round<L, V>(source, rows.Row(row), largest > Smallest ? SymmetricInt8.Largest / largest : 0f);
            }
        }

        /// <summary>max |x|, and 0 where all values are finite, NaN where not.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float Largest<L, V>(float* source, int length, out float nothing)
            where L : struct, ILane<V>
            where V : struct
        {
            float* lanes = stackalloc float[32];
            V zero = L.Broadcast(0f), most = zero, most2 = zero, sum = zero, sum2 = zero;
            int i = 0;
            for (; i <= length - (2 * L.Count); i += 2 * L.Count)
            {
                V value = L.Load(source + i), value2 = L.Load(source + i + L.Count), size = L.Abs(value), size2 = L.Abs(value2);
                most = L.Select(L.LessThan(most, size), size, most);
                most2 = L.Select(L.LessThan(most2, size2), size2, most2);
                sum = L.Fma(value, zero, sum);
                sum2 = L.Fma(value2, zero, sum2);
            }

            L.Store(L.Select(L.LessThan(most, most2), most2, most), lanes);
            L.Store(L.Add(sum, sum2), lanes + 16);
            float largest = 0;
            nothing = 0;
            for (int lane = 0; lane < L.Count; lane++)
            {
                largest = largest < lanes[lane] ? lanes[lane] : largest;
                nothing += lanes[16 + lane];
            }

            for (; i < length; i++)
            {
                float size = float.Abs(source[i]);
                largest = largest < size ? size : largest;
                nothing += source[i] * 0f;
            }

            return largest;
        }

        private void Round<L, V>(float* source, byte* destination, float factor)
            where L : struct, ILane<V>
            where V : struct
        {
            int length = x.Columns, whole = length / L.Count * L.Count, padded = (length + Int8Panels.Group - 1) / Int8Panels.Group * Int8Panels.Group;
            if (rows.AreBytes)
            {
                Bytes<L, V>(source, destination, whole, factor);
                Bytes<LaneScalar, float>(source + whole, destination + whole, length - whole, factor);
                new Span<byte>(destination + length, padded - length).Clear();
            }
            else
            {
                short* halves = (short*)destination;
                Halves<L, V>(source, halves, whole, factor);
                Halves<LaneScalar, float>(source + whole, halves + whole, length - whole, factor);
                new Span<short>(halves + length, padded - length).Clear();
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Bytes<L, V>(float* source, byte* destination, int length, float factor)
            where L : struct, ILane<V>
            where V : struct
        {
            // The offset is added once the number is whole: 128 more before the rounding would round ties otherwise.
            V f = L.Broadcast(factor), shift = L.Broadcast(Shift), offset = L.Broadcast(128f);
            for (int i = 0; i < length; i += L.Count)
            {
                L.StoreLowBytes(L.Add(L.Add(L.Multiply(L.Load(source + i), f), shift), offset), destination + i);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Halves<L, V>(float* source, short* destination, int length, float factor)
            where L : struct, ILane<V>
            where V : struct
        {
            V f = L.Broadcast(factor), shift = L.Broadcast(Shift);
            for (int i = 0; i < length; i += L.Count)
            {
                L.StoreLowHalves(L.Add(L.Multiply(L.Load(source + i), f), shift), destination + i);
            }
        }
    }
}
