using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>sums[n] += Σₜ x[t, n], the rows t ascending: the gradient of a bias.</summary>
internal static unsafe class ColumnSums
{
    /// <summary>Adds the rows of <paramref name="x"/> [T, N] to <paramref name="sums"/> [N].</summary>
    public static void Add(Matrix x, Span<float> sums)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sums.Length, x.Columns);
        fixed (float* target = sums)
        {
            Simd.Run(new Kernel(x, target));
        }
    }

    private readonly struct Kernel(Matrix x, float* sums) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            for (int row = 0; row < x.Rows; row++)
            {
                Arithmetic.Add<L, V>(sums, 0, x.Row(row), 0, 1, x.Columns);
            }
        }
    }
}
