using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BertSharp;

/// <summary>
/// ‖x‖² = Σ x² in double. The square of a float32 is exact in double, so a fused and a separate addition round alike, and the one
/// order (value i to partial sum i mod 16, then halves) is written once, for the 256 bits that every machine has or halves.
/// </summary>
internal static unsafe class SquaredNorm
{
    /// <summary>Sums a chunk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Of(float* x, int count)
    {
        Vector256<double> a = default, b = default, c = default, d = default;
        int i = 0;
        for (; i <= count - 16; i += 16)
        {
            (Vector256<double> first, Vector256<double> second) = Vector256.Widen(Vector256.Load(x + i));
            (Vector256<double> third, Vector256<double> fourth) = Vector256.Widen(Vector256.Load(x + i + 8));
            a += first * first;
            b += second * second;
            c += third * third;
            d += fourth * fourth;
        }

        double* sums = stackalloc double[16];
        a.Store(sums);
        b.Store(sums + 4);
        c.Store(sums + 8);
        d.Store(sums + 12);
        for (; i < count; i++)
        {
            sums[i % 16] += (double)x[i] * x[i];
        }

        for (int half = 8; half > 0; half /= 2)
        {
            for (int k = 0; k < half; k++)
            {
                sums[k] += sums[k + half];
            }
        }

        return sums[0];
    }
}
