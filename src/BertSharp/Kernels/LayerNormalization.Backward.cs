using System.Runtime.CompilerServices;

namespace BertSharp;

/// <content>
/// With x̂ = (x − mean)·factor and g = dY∘γ: dγ = Σₜ dY∘x̂, dβ = Σₜ dY, dX = factor·(g − mean(g) − x̂·mean(g∘x̂)).
/// </content>
internal static unsafe partial class LayerNormalization
{
    /// <summary>Replaces rows of dY by those of dX.</summary>
    /// <param name="x">[M, H] what went in.</param>
    /// <param name="statistics">What <see cref="Forward"/> kept of these rows.</param>
    /// <param name="gamma">[H].</param>
    /// <param name="dY">[M, H]: becomes dX.</param>
    public static void Backward(Matrix x, RowStatistics statistics, ReadOnlySpan<float> gamma, Matrix dY)
    {
        if (gamma.Length != x.Columns || dY.Rows != x.Rows || dY.Columns != x.Columns)
        {
            throw new ArgumentException($"Shapes do not fit: x [{x.Rows}, {x.Columns}], gamma {gamma.Length}, dY [{dY.Rows}, {dY.Columns}].");
        }

        fixed (float* g = gamma)
        {
            Simd.Run(new RowKernel(x, statistics, g, dY));
        }
    }

    /// <summary>Adds to dγ and dβ of some columns, the rows ascending.</summary>
    /// <param name="x">[M, columns] what went in.</param>
    /// <param name="statistics">What <see cref="Forward"/> kept of the rows.</param>
    /// <param name="dY">[M, columns].</param>
    /// <param name="dGamma">[columns].</param>
    /// <param name="dBeta">[columns].</param>
    public static void BackwardParameters(Matrix x, RowStatistics statistics, Matrix dY, Span<float> dGamma, Span<float> dBeta)
    {
        if (dY.Rows != x.Rows || dY.Columns != x.Columns || dGamma.Length != x.Columns || dBeta.Length != x.Columns)
        {
            throw new ArgumentException($"Shapes do not fit: x [{x.Rows}, {x.Columns}], dY [{dY.Rows}, {dY.Columns}], dGamma {dGamma.Length}, dBeta {dBeta.Length}.");
        }

        fixed (float* gamma = dGamma, beta = dBeta)
        {
            Simd.Run(new ParameterKernel(x, statistics, dY, gamma, beta));
        }
    }

    private readonly struct RowKernel(Matrix x, RowStatistics statistics, float* gamma, Matrix dY) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            for (int row = 0; row < x.Rows; row++)
            {
                float mean = statistics.Mean(row), factor = statistics.Factor(row);
                float ofGradient = PartialSums.Dot<L, V>(dY.Row(row), gamma, x.Columns) / x.Columns;
                float ofProduct = MeanOfProduct<L, V>(dY.Row(row), x.Row(row), mean, factor);
                Row<L, V>(x.Row(row), dY.Row(row), mean, factor, ofGradient, ofProduct);
            }
        }

        /// <summary>mean(dY∘γ∘x̂), in the order of <see cref="PartialSums"/>.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private float MeanOfProduct<L, V>(float* dRow, float* xRow, float mean, float factor)
            where L : struct, ILane<V>
            where V : struct
        {
            float* sums = stackalloc float[PartialSums.Sums];
            V m = L.Broadcast(mean), f = L.Broadcast(factor);
            int length = x.Columns;
            for (int lane = 0; lane < PartialSums.Sums; lane += L.Count)
            {
                V sum = L.Broadcast(0f);
                for (int i = lane; i <= length - L.Count; i += PartialSums.Sums)
                {
                    V normal = L.Multiply(L.Subtract(L.Load(xRow + i), m), f);
                    sum = L.Fma(L.Multiply(L.Load(dRow + i), L.Load(gamma + i)), normal, sum);
                }

                L.Store(sum, sums + lane);
            }

            for (int i = length / L.Count * L.Count; i < length; i++)
            {
                sums[i % PartialSums.Sums] = float.FusedMultiplyAdd(dRow[i] * gamma[i], (xRow[i] - mean) * factor, sums[i % PartialSums.Sums]);
            }

            return PartialSums.Fold(sums) / length;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Row<L, V>(float* xRow, float* dRow, float mean, float factor, float ofGradient, float ofProduct)
            where L : struct, ILane<V>
            where V : struct
        {
            V m = L.Broadcast(mean), f = L.Broadcast(factor), center = L.Broadcast(ofGradient), slope = L.Broadcast(-ofProduct);
            int i = 0, length = x.Columns;
            for (; i <= length - L.Count; i += L.Count)
            {
                V normal = L.Multiply(L.Subtract(L.Load(xRow + i), m), f);
                V g = L.Subtract(L.Multiply(L.Load(dRow + i), L.Load(gamma + i)), center);
                L.Store(L.Multiply(f, L.Fma(slope, normal, g)), dRow + i);
            }

            for (; i < length; i++)
            {
                dRow[i] = factor * float.FusedMultiplyAdd(-ofProduct, (xRow[i] - mean) * factor, (dRow[i] * gamma[i]) - ofGradient);
            }
        }
    }

    private readonly struct ParameterKernel(Matrix x, RowStatistics statistics, Matrix dY, float* dGamma, float* dBeta) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            int length = x.Columns;
            for (int row = 0; row < x.Rows; row++)
            {
                float mean = statistics.Mean(row), factor = statistics.Factor(row);
                float* xRow = x.Row(row), dRow = dY.Row(row);
                V m = L.Broadcast(mean), f = L.Broadcast(factor);
                int i = 0;
                for (; i <= length - L.Count; i += L.Count)
                {
                    V d = L.Load(dRow + i), normal = L.Multiply(L.Subtract(L.Load(xRow + i), m), f);
                    L.Store(L.Fma(d, normal, L.Load(dGamma + i)), dGamma + i);
                    L.Store(L.Add(L.Load(dBeta + i), d), dBeta + i);
                }

                for (; i < length; i++)
                {
                    dGamma[i] = float.FusedMultiplyAdd(dRow[i], (xRow[i] - mean) * factor, dGamma[i]);
                    dBeta[i] += dRow[i];
                }
            }
        }
    }
}
