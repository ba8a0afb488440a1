using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>
/// Rounds rows of activations to whole numbers: scale = range / 254, n = x · (254 / range) to the nearest, ties to even, where
/// the range is that from the least value to the largest, 0 among them. Values after GELU or a LayerNorm lie on one side more
/// than on the other: a symmetric scale wastes up to half of the steps. 254 and not 255, since both ends may round outwards.
/// A row whose range is below 1e-35 becomes zeros; a row with a NaN or an infinite value, or of an infinite range, gets a scale
/// that makes all its products NaN.
/// </summary>
internal static unsafe class RowQuantizer
{
    private const float Steps = 254f;
    private const float Smallest = 1e-35f;

    /// <summary>Adding 1.5 · 2²³ rounds to a whole number, which then stands in the low bits.</summary>
    private const float Shift = 12_582_912f;

    [ThreadStatic]
    private static AlignedBuffer? _scratch;

    /// <summary>Rounds the rows <paramref name="first"/> … into memory of this thread, which its next call uses again.</summary>
    public static QuantizedRows Run(Matrix x, int first, int count)
    {
        QuantizedRows rows = new(0, 0, 0, first, count, x.Columns, Simd.UsesVnni);
        if (_scratch is null || _scratch.Length < rows.Size)
        {
            _scratch?.Dispose();
            _scratch = new AlignedBuffer(rows.Size);
        }

        float* memory = _scratch.Pointer;
        long size = Arena.VectorSize(count);
        rows = rows with { Scales = (nint)memory, Zeros = (nint)(memory + size), Data = (nint)(memory + (2 * size)) };
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
                Range<L, V>(source, x.Columns, out float least, out float most, out float nothing);
                float range = most - least, factor = range > Smallest ? Steps / range : 0f;
                *rows.Scale(row) = (range / Steps) + nothing;
                *rows.Zero(row) = (int)float.Round(-least * factor);
                Round<L, V>(source, rows.Row(row), factor, *rows.Zero(row));
            }
        }

        /// <summary>The least and the largest of the values and 0; and 0 where all values are finite, NaN where not.</summary>
        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Range<L, V>(float* source, int length, out float least, out float most, out float nothing)
            where L : struct, ILane<V>
            where V : struct
        {
            float* lanes = stackalloc float[48];
            V zero = L.Broadcast(0f), low = zero, high = zero, sum = zero, low2 = zero, high2 = zero, sum2 = zero;
            int i = 0;

            // Two chains of each: an operation waits for the one before it.
            for (; i <= length - (2 * L.Count); i += 2 * L.Count)
            {
                V value = L.Load(source + i), value2 = L.Load(source + i + L.Count);
                low = L.Min(value, low);
                low2 = L.Min(value2, low2);
                high = L.Max(value, high);
                high2 = L.Max(value2, high2);
                sum = L.Fma(value, zero, sum);
                sum2 = L.Fma(value2, zero, sum2);
            }

            L.Store(L.Min(low, low2), lanes);
            L.Store(L.Max(high, high2), lanes + 16);
            L.Store(L.Add(sum, sum2), lanes + 32);
            (least, most, nothing) = (0, 0, 0);
            for (int lane = 0; lane < L.Count; lane++)
            {
                least = float.MinNative(lanes[lane], least);
                most = float.MaxNative(lanes[16 + lane], most);
                nothing += lanes[32 + lane];
            }

            for (; i < length; i++)
            {
                least = float.MinNative(source[i], least);
                most = float.MaxNative(source[i], most);
                nothing += source[i] * 0f;
            }
        }

        private void Round<L, V>(float* source, byte* destination, float factor, int zero)
            where L : struct, ILane<V>
            where V : struct
        {
            int length = x.Columns, whole = length / L.Count * L.Count, padded = (length + Int8Panels.Group - 1) / Int8Panels.Group * Int8Panels.Group;
            if (rows.AreBytes)
            {
                Bytes<L, V>(source, destination, whole, factor, zero);
                Bytes<LaneScalar, float>(source + whole, destination + whole, length - whole, factor, zero);
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
        private static void Bytes<L, V>(float* source, byte* destination, int length, float factor, int zero)
            where L : struct, ILane<V>
            where V : struct
        {
            // The zero is added once the number is whole, so that ties round as they do without it.
            V f = L.Broadcast(factor), shift = L.Broadcast(Shift), offset = L.Broadcast(zero);
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
