using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>
/// y = γ · (x − mean) / √(variance + ε) + β over each row (Ba, Kiros, Hinton 2016); the variance in a second pass.
/// </summary>
internal static unsafe partial class LayerNormalization
{
    private const int RowsTogether = 8;

    /// <summary>Normalises every row of <paramref name="x"/> [M, H] into <paramref name="y"/>, which may be <paramref name="x"/>.</summary>
    /// <param name="x">[M, H].</param>
    /// <param name="gamma">[H].</param>
    /// <param name="beta">[H].</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="y">[M, H].</param>
    /// <param name="statistics">Receives what <see cref="Backward"/> needs, where there is room.</param>
    public static void Forward(Matrix x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, float epsilon, Matrix y, RowStatistics statistics = default)
    {
        if (gamma.Length != x.Columns || beta.Length != x.Columns || y.Rows != x.Rows || y.Columns != x.Columns)
        {
            throw new ArgumentException($"Shapes do not fit: x [{x.Rows}, {x.Columns}], gamma {gamma.Length}, beta {beta.Length}, y [{y.Rows}, {y.Columns}].");
        }

        fixed (float* g = gamma, b = beta)
        {
            Simd.Run(new Kernel(x, g, b, epsilon, y, statistics));
        }
    }

    private readonly struct Kernel(Matrix x, float* gamma, float* beta, float epsilon, Matrix y, RowStatistics statistics) : IKernel
    {
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            // A sum is one chain of additions. A few rows, which stay in L1, do each step one after the other, so that the
            // processor works on the chains of several at once.
            float* means = stackalloc float[RowsTogether], variances = stackalloc float[RowsTogether];
            for (int first = 0; first < x.Rows; first += RowsTogether)
            {
                int rows = Math.Min(RowsTogether, x.Rows - first);
                for (int r = 0; r < rows; r++)
                {
                    means[r] = PartialSums.Sum<L, V>(x.Row(first + r), x.Columns) / x.Columns;
                }

                for (int r = 0; r < rows; r++)
                {
                    variances[r] = PartialSums.SumOfSquares<L, V>(x.Row(first + r), x.Columns, means[r]) / x.Columns;
                }

                for (int r = 0; r < rows; r++)
                {
                    float factor = 1f / float.Sqrt(variances[r] + epsilon);
                    Normalize<L, V>(x.Row(first + r), means[r], factor, y.Row(first + r));
                    if (statistics.Means != 0)
                    {
                        (statistics.Mean(first + r), statistics.Factor(first + r)) = (means[r], factor);
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Normalize<L, V>(float* source, float mean, float factor, float* destination)
            where L : struct, ILane<V>
            where V : struct
        {
            V m = L.Broadcast(mean), f = L.Broadcast(factor);
            float* g = gamma, b = beta;
            int i = 0, length = x.Columns;
            for (; i <= length - L.Count; i += L.Count)
            {
                V normal = L.Multiply(L.Subtract(L.Load(source + i), m), f);
                L.Store(L.Fma(normal, L.Load(g + i), L.Load(b + i)), destination + i);
            }

            for (; i < length; i++)
            {
                destination[i] = float.FusedMultiplyAdd((source[i] - mean) * factor, g[i], b[i]);
            }
        }
    }
}
