using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BertSharp;

/// <summary>softmax(s·x)ᵢ = e^(s·xᵢ − max s·x) / Σⱼ e^(s·xⱼ − max s·x) over each row, in place, for a scale s &gt; 0.</summary>
internal static unsafe partial class Softmax
{
    private const int RowsTogether = 8;

    /// <summary>Replaces every row of <paramref name="x"/> [M, N] by its softmax.</summary>
    public static void Forward(Matrix x, float scale = 1f)
    {
        if (!(scale > 0f))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "Values are scaled by a positive number: so the largest stays the largest.");
        }

        if (x.Columns > 0)
        {
            Simd.Run(new Kernel(x, scale));
        }
    }

    private readonly struct Kernel(Matrix x, float scale) : IKernel
    {
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            // A maximum and a sum end in a chain of folds. A few rows, which stay in L1, do each step one after the other, so
            // that the processor works on the folds of all at once.
            float* folded = stackalloc float[RowsTogether];
            for (int first = 0; first < x.Rows; first += RowsTogether)
            {
                int rows = Math.Min(RowsTogether, x.Rows - first);
                for (int r = 0; r < rows; r++)
                {
                    // Rounding keeps order, so the largest scaled value is the largest value, scaled.
                    folded[r] = Maximum<L, V>(x.Row(first + r), x.Columns) * scale;
                }

                for (int r = 0; r < rows; r++)
                {
                    folded[r] = Exponentials<L, V>(x.Row(first + r), x.Columns, scale, folded[r]);
                }

                for (int r = 0; r < rows; r++)
                {
                    Arithmetic.Divide<L, V>(x.Row(first + r), folded[r], x.Columns);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float Maximum<L, V>(float* row, int length)
            where L : struct, ILane<V>
            where V : struct
        {
            // The order of a maximum does not matter; a NaN need not win here, since it reaches the sum below.
            V none = L.Broadcast(float.NegativeInfinity), even = none, odd = none;
            int i = 0;
            for (; i <= length - (2 * L.Count); i += 2 * L.Count)
            {
                even = L.Max(even, L.Load(row + i));
                odd = L.Max(odd, L.Load(row + i + L.Count));
            }

            if (i <= length - L.Count)
            {
                even = L.Max(even, L.Load(row + i));
                i += L.Count;
            }

            if (i < length)
            {
                odd = L.Max(odd, L.LoadFirst(row + i, length - i, none));
            }

            float* lanes = stackalloc float[16];
            new Span<float>(lanes, 16).Fill(float.NegativeInfinity);
            L.Store(L.Max(even, odd), lanes);
            Vector128<float> four = Lane128.Max(
                Lane128.Max(Lane128.Load(lanes), Lane128.Load(lanes + 4)),
                Lane128.Max(Lane128.Load(lanes + 8), Lane128.Load(lanes + 12)));
            Lane128.Store(four, lanes);
            return LaneScalar.Max(LaneScalar.Max(lanes[0], lanes[1]), LaneScalar.Max(lanes[2], lanes[3]));
        }

        /// <summary>Replaces a row by e^(scale·x − maximum) and returns their sum, in the order of <see cref="PartialSums"/>.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float Exponentials<L, V>(float* row, int length, float scale, float maximum)
            where L : struct, ILane<V>
            where V : struct
        {
            float* sums = stackalloc float[PartialSums.Sums];
            V factor = L.Broadcast(scale), center = L.Broadcast(maximum);
            for (int lane = 0; lane < PartialSums.Sums; lane += L.Count)
            {
                V sum = L.Broadcast(0f);
                int i = lane;
                for (; i <= length - L.Count - PartialSums.Sums; i += 2 * PartialSums.Sums)
                {
                    float* next = row + i + PartialSums.Sums;
                    VectorPair<V> e = Exponential<LanePair<L, V>, VectorPair<V>>(new(L.Load(row + i), L.Load(next)), new(factor, factor), new(center, center));
                    L.Store(e.First, row + i);
                    L.Store(e.Second, next);
                    sum = L.Add(L.Add(sum, e.First), e.Second);
                }

                if (i <= length - L.Count)
                {
                    V e = Exponential<L, V>(L.Load(row + i), factor, center);
                    L.Store(e, row + i);
                    sum = L.Add(sum, e);
                    i += PartialSums.Sums;
                }

                if (i < length)
                {
                    // Fewer values than a vector has: beside them stands −∞, whose exponential 0 adds nothing.
                    V e = Exponential<L, V>(L.LoadFirst(row + i, length - i, L.Broadcast(float.NegativeInfinity)), factor, center);
                    L.StoreFirst(e, row + i, length - i);
                    sum = L.Add(sum, e);
                }

                L.Store(sum, sums + lane);
            }

            return PartialSums.Fold(sums);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Exponential<L, V>(V x, V factor, V center)
            where L : struct, ILane<V>
            where V : struct
            => Elementary.ExpOfNegative<L, V>(L.Subtract(L.Multiply(x, factor), center));
    }
}
