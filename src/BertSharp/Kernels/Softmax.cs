using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BertSharp;

/// <summary>softmax(x)ᵢ = e^(xᵢ − max x) / Σⱼ e^(xⱼ − max x) over each row, in place.</summary>
internal static unsafe class Softmax
{
    private const int RowsTogether = 8;

    /// <summary>Replaces every row of <paramref name="x"/> [M, N] by its softmax.</summary>
    public static void Forward(Matrix x)
    {
        if (x.Columns > 0)
        {
            Simd.Run(new Kernel(x));
        }
    }

    private readonly struct Kernel(Matrix x) : IKernel
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
                    folded[r] = Maximum<L, V>(x.Row(first + r), x.Columns);
                }

                for (int r = 0; r < rows; r++)
                {
                    Exponentials<L, V>(x.Row(first + r), folded[r], x.Columns);
                }

                for (int r = 0; r < rows; r++)
                {
                    folded[r] = PartialSums.Sum<L, V>(x.Row(first + r), x.Columns);
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
            int i = 0;
            float maximum = float.NegativeInfinity;
            if (length >= 2 * L.Count)
            {
                V even = L.Load(row), odd = L.Load(row + L.Count);
                for (i = 2 * L.Count; i <= length - (2 * L.Count); i += 2 * L.Count)
                {
                    even = Larger<L, V>(even, L.Load(row + i));
                    odd = Larger<L, V>(odd, L.Load(row + i + L.Count));
                }

                float* lanes = stackalloc float[16];
                new Span<float>(lanes, 16).Fill(maximum);
                L.Store(Larger<L, V>(even, odd), lanes);
                Vector128<float> four = Larger<Lane128, Vector128<float>>(
                    Larger<Lane128, Vector128<float>>(Lane128.Load(lanes), Lane128.Load(lanes + 4)),
                    Larger<Lane128, Vector128<float>>(Lane128.Load(lanes + 8), Lane128.Load(lanes + 12)));
                Lane128.Store(four, lanes);
                maximum = Larger<LaneScalar, float>(Larger<LaneScalar, float>(lanes[0], lanes[1]), Larger<LaneScalar, float>(lanes[2], lanes[3]));
            }

            for (; i < length; i++)
            {
                maximum = Larger<LaneScalar, float>(maximum, row[i]);
            }

            return maximum;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Larger<L, V>(V left, V right)
            where L : struct, ILane<V>
            where V : struct
            => L.Select(L.LessThan(left, right), right, left);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Exponentials<L, V>(float* row, float maximum, int length)
            where L : struct, ILane<V>
            where V : struct
        {
            V center = L.Broadcast(maximum);
            int i = 0;
            for (; i <= length - L.Count; i += L.Count)
            {
                L.Store(Elementary.ExpOfNegative<L, V>(L.Subtract(L.Load(row + i), center)), row + i);
            }

            for (; i < length; i++)
            {
                row[i] = Elementary.ExpOfNegative<LaneScalar, float>(row[i] - maximum);
            }
        }
    }
}
