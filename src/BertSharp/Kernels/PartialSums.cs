using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BertSharp;

/// <summary>
/// The one order of summation: element i goes to partial sum i mod 16, ascending; then halves are added: 16, 8, 4, 2, 1.
/// Each lane group makes its own pass with its sums in a register, so every width adds in the same order.
/// </summary>
internal static unsafe class PartialSums
{
    /// <summary>Number of partial sums.</summary>
    public const int Sums = 16;

    /// <summary>Σ x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Sum<L, V>(float* x, int length)
        where L : struct, ILane<V>
        where V : struct
    {
        float* sums = stackalloc float[Sums];
        for (int lane = 0; lane < Sums; lane += L.Count)
        {
            V sum = L.Broadcast(0f);
            for (int i = lane; i <= length - L.Count; i += Sums)
            {
                sum = L.Add(sum, L.Load(x + i));
            }

            L.Store(sum, sums + lane);
        }

        for (int i = length / L.Count * L.Count; i < length; i++)
        {
            sums[i % Sums] += x[i];
        }

        return Fold(sums);
    }

    /// <summary>Σ (x − mean)², each step one fused multiply-add.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float SumOfSquares<L, V>(float* x, int length, float mean)
        where L : struct, ILane<V>
        where V : struct
    {
        float* sums = stackalloc float[Sums];
        V center = L.Broadcast(mean);
        for (int lane = 0; lane < Sums; lane += L.Count)
        {
            V sum = L.Broadcast(0f);
            for (int i = lane; i <= length - L.Count; i += Sums)
            {
                V d = L.Subtract(L.Load(x + i), center);
                sum = L.Fma(d, d, sum);
            }

            L.Store(sum, sums + lane);
        }

        for (int i = length / L.Count * L.Count; i < length; i++)
        {
            float d = x[i] - mean;
            sums[i % Sums] = float.FusedMultiplyAdd(d, d, sums[i % Sums]);
        }

        return Fold(sums);
    }

    /// <summary>Σ x·y, each step one fused multiply-add.</summary>
    public static float Dot<L, V>(float* x, float* y, int length)
        where L : struct, ILane<V>
        where V : struct
        => OfPairs<L, V, ProductStep>(x, y, length);

    /// <summary>The sum of a step over pairs of values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float OfPairs<L, V, S>(float* x, float* y, int length)
        where L : struct, ILane<V>
        where V : struct
        where S : struct, IPairStep
    {
        float* sums = stackalloc float[Sums];
        for (int lane = 0; lane < Sums; lane += L.Count)
        {
            V sum = L.Broadcast(0f);
            for (int i = lane; i <= length - L.Count; i += Sums)
            {
                sum = S.Apply<L, V>(L.Load(x + i), L.Load(y + i), sum);
            }

            L.Store(sum, sums + lane);
        }

        for (int i = length / L.Count * L.Count; i < length; i++)
        {
            sums[i % Sums] = S.Apply<LaneScalar, float>(x[i], y[i], sums[i % Sums]);
        }

        return Fold(sums);
    }

    /// <summary>Adds the halves of 16 partial sums: 16, 8, 4, 2, 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Fold(float* sums)
    {
        Vector128<float> four = Lane128.Add(
            Lane128.Add(Lane128.Load(sums), Lane128.Load(sums + 8)),
            Lane128.Add(Lane128.Load(sums + 4), Lane128.Load(sums + 12)));
        return four[0] + four[2] + (four[1] + four[3]);
    }
}
