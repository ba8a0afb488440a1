using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>One step of a sum over pairs of values: a formula; the order of the sum is that of <see cref="PartialSums"/>.</summary>
internal interface IPairStep
{
    static abstract V Apply<L, V>(V x, V y, V sum)
        where L : struct, ILane<V>
        where V : struct;
}

/// <summary>sum + x·y, one fused multiply-add.</summary>
internal readonly struct ProductStep : IPairStep
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<L, V>(V x, V y, V sum)
        where L : struct, ILane<V>
        where V : struct
        => L.Fma(x, y, sum);
}

/// <summary>sum + (x − y)², the difference rounded once, then one fused multiply-add.</summary>
internal readonly struct SquaredDifferenceStep : IPairStep
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<L, V>(V x, V y, V sum)
        where L : struct, ILane<V>
        where V : struct
    {
        V d = L.Subtract(x, y);
        return L.Fma(d, d, sum);
    }
}

/// <summary>sum + |x − y|.</summary>
internal readonly struct AbsoluteDifferenceStep : IPairStep
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<L, V>(V x, V y, V sum)
        where L : struct, ILane<V>
        where V : struct
        => L.Add(sum, L.Abs(L.Subtract(x, y)));
}
