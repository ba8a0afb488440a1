using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>
/// Elementary functions from correctly rounded operations alone, so that every width gives the same bits.
/// Coefficients: minimax fits by iteratively reweighted least squares (<c>docs/decisions/0003-gelu.md</c>), and
/// Moshier's Cephes for exp and tanh. Bounds hold over all float32 values and are tested.
/// </summary>
internal static class Elementary
{
    /// <summary>Adding 1.5·2²³ rounds |x| &lt; 2²² to the nearest integer, which then stands in the low bits.</summary>
    private const float RoundingShift = 12582912f;

    private const float Log2E = 1.44269504f;

    /// <summary>eˣ within 2 ulp. e^∞ = ∞, e^−∞ = 0, NaN stays NaN; subnormal results are rounded twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<L, V>(V x)
        where L : struct, ILane<V>
        where V : struct
    {
        V low = L.Broadcast(-104f), high = L.Broadcast(89f), shift = L.Broadcast(RoundingShift);
        x = L.Select(L.LessThan(x, low), low, x);
        x = L.Select(L.LessThan(high, x), high, x);
        V n = L.Subtract(L.Fma(x, L.Broadcast(Log2E), shift), shift);
        V p = ExpOfRemainder<L, V>(x, n);

        // 2ⁿ in two factors, since n reaches from −150 to 128.
        V half = L.Fma(n, L.Broadcast(0.5f), shift);
        V rest = L.Add(L.Subtract(n, L.Subtract(half, shift)), shift);
        return L.Multiply(L.Multiply(p, L.PowerOfTwo(half)), L.PowerOfTwo(rest));
    }

    /// <summary>eˣ for x ≤ 0, within 2 ulp down to the smallest normal number; 0 where the result would be subnormal. NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpOfNegative<L, V>(V x)
        where L : struct, ILane<V>
        where V : struct
    {
        V shift = L.Broadcast(RoundingShift);
        V shifted = L.Fma(x, L.Broadcast(Log2E), shift);
        V p = ExpOfRemainder<L, V>(x, L.Subtract(shifted, shift));
        return L.Select(L.LessThan(x, L.Broadcast(-87.33654f)), L.Broadcast(0f), L.Multiply(p, L.PowerOfTwo(shifted)));
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<L, V>(V x)
        where L : struct, ILane<V>
        where V : struct
    {
        V one = L.Broadcast(1f);
        return L.Divide(one, L.Add(one, Exp<L, V>(L.Subtract(L.Broadcast(0f), x))));
    }

    /// <summary>tanh within 4 ulp: an odd polynomial for |x| &lt; 0.625, 1 − 2 / (e²ˣ + 1) beyond; −0 stays −0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<L, V>(V x)
        where L : struct, ILane<V>
        where V : struct
    {
        V magnitude = L.Abs(x), one = L.Broadcast(1f), z = L.Multiply(x, x);
        V p = L.Broadcast(-5.70498872745e-3f);
        p = L.Fma(p, z, L.Broadcast(2.06390887954e-2f));
        p = L.Fma(p, z, L.Broadcast(-5.37397155531e-2f));
        p = L.Fma(p, z, L.Broadcast(1.33314422036e-1f));
        p = L.Fma(p, z, L.Broadcast(-3.33332819422e-1f));
        V small = L.Fma(L.Multiply(p, z), x, x);

        V e = Exp<L, V>(L.Add(magnitude, magnitude));
        V large = L.Subtract(one, L.Divide(L.Broadcast(2f), L.Add(e, one)));
        return L.CopySign(L.Select(L.LessThan(magnitude, L.Broadcast(0.625f)), small, large), x);
    }

    /// <summary>
    /// GELU with erf, within 3e-7·max(1, |x|): x·Φ(x) = max(x, 0) − t·Φ(−t) with t = |x|, and Φ(−t) = 2^h(t) with a
    /// polynomial h. No cancellation, no division. Zero for x ≤ −8; ∞ gives ∞, −∞ gives 0, NaN stays NaN.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gelu<L, V>(V x)
        where L : struct, ILane<V>
        where V : struct
    {
        V zero = L.Broadcast(0f), limit = L.Broadcast(8f);
        V t = L.Abs(x);
        V inside = L.LessThan(t, limit);
        t = L.Select(inside, t, limit);
        V tail = L.Select(inside, NormalTail<L, V>(t), zero);
        V positive = L.Select(L.LessThan(x, zero), zero, x);
        return L.Fma(L.Subtract(zero, t), tail, positive);
    }

    /// <summary>
    /// The derivative of <see cref="Gelu"/>: Φ(x) + x·φ(x), within 1e-6. Beyond ±8 it is that at ±8, which is 0 or 1 to float32.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluSlope<L, V>(V x)
        where L : struct, ILane<V>
        where V : struct
    {
        V zero = L.Broadcast(0f);
        V t = L.Min(L.Abs(x), L.Broadcast(8f)), tail = NormalTail<L, V>(t);
        V density = L.Multiply(L.Broadcast(0.398942280f), ExpOfNegative<L, V>(L.Multiply(L.Broadcast(-0.5f), L.Multiply(t, t))));
        V phi = L.Select(L.LessThan(x, zero), tail, L.Subtract(L.Broadcast(1f), tail));
        return L.Fma(L.CopySign(t, x), density, phi);
    }

    /// <summary>GELU with tanh, as x·σ(2u): 1 + tanh u = 2σ(2u).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluTanh<L, V>(V x)
        where L : struct, ILane<V>
        where V : struct
    {
        V cubic = L.Fma(L.Multiply(L.Broadcast(0.044715f), L.Multiply(x, x)), x, x);
        return TimesSigmoid<L, V>(x, L.Multiply(L.Broadcast(1.59576912f), cubic));
    }

    /// <summary>x·σ(u). Where σ is zero the product is zero, also for x = −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V TimesSigmoid<L, V>(V x, V u)
        where L : struct, ILane<V>
        where V : struct
    {
        // Below −88 the true value is beneath 1e-36; the floor keeps −∞ from meeting a zero.
        V floor = L.Broadcast(-3e38f);
        V gate = Sigmoid<L, V>(u);
        return L.Multiply(L.Select(L.LessThan(x, floor), floor, x), gate);
    }

    /// <summary>Mish without a logarithm: tanh(ln(1 + e)) = (e² + 2e) / (e² + 2e + 2) with e = eˣ; x itself from 20 on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Mish<L, V>(V x)
        where L : struct, ILane<V>
        where V : struct
    {
        V limit = L.Broadcast(20f), two = L.Broadcast(2f), floor = L.Broadcast(-3e38f);
        V e = Exp<L, V>(L.Select(L.LessThan(limit, x), limit, x));
        V numerator = L.Multiply(e, L.Add(e, two));
        V gated = L.Multiply(L.Select(L.LessThan(x, floor), floor, x), L.Divide(numerator, L.Add(numerator, two)));
        return L.Select(L.LessThan(limit, x), x, gated);
    }

    /// <summary>Φ(−t) for 0 ≤ t ≤ 8, as 2^h(t).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V NormalTail<L, V>(V t)
        where L : struct, ILane<V>
        where V : struct
    {
        V shift = L.Broadcast(RoundingShift);

        // Both polynomials in pairs (Estrin): the processor sees three short chains instead of one long one.
        V t2 = L.Multiply(t, t), t4 = L.Multiply(t2, t2);
        V low = L.Fma(L.Fma(L.Broadcast(-0.0525967143f), t, L.Broadcast(-0.459174961f)), t2, L.Fma(L.Broadcast(-1.15110922f), t, L.Broadcast(-0.99999994f)));
        V high = L.Fma(L.Fma(L.Broadcast(2.95793488e-05f), t, L.Broadcast(-0.000139758544f)), t2, L.Fma(L.Broadcast(-0.000248730183f), t, L.Broadcast(0.00720902672f)));
        V h = L.Fma(L.Fma(L.Broadcast(-2.01467697e-06f), t4, high), t4, low);

        V n = L.Add(h, shift);
        V f = L.Subtract(h, L.Subtract(n, shift)), f2 = L.Multiply(f, f);
        V p = L.Fma(L.Fma(L.Broadcast(0.00015353359f), f, L.Broadcast(0.0013398875f)), f2, L.Fma(L.Broadcast(0.00961843692f), f, L.Broadcast(0.0555033237f)));
        p = L.Fma(L.Fma(p, f, L.Broadcast(0.240226477f)), f2, L.Fma(L.Broadcast(0.693147182f), f, L.Broadcast(1f)));
        return L.Multiply(p, L.PowerOfTwo(n));
    }

    /// <summary>e^r, where x = n·ln 2 + r with |r| ≤ ½ ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpOfRemainder<L, V>(V x, V n)
        where L : struct, ILane<V>
        where V : struct
    {
        // ln 2 in two parts, the first short enough that n·ln 2 is exact.
        V r = L.Fma(n, L.Broadcast(-0.693359375f), x);
        r = L.Fma(n, L.Broadcast(2.12194440e-4f), r);

        V p = L.Broadcast(1.9875691500e-4f);
        p = L.Fma(p, r, L.Broadcast(1.3981999507e-3f));
        p = L.Fma(p, r, L.Broadcast(8.3334519073e-3f));
        p = L.Fma(p, r, L.Broadcast(4.1665795894e-2f));
        p = L.Fma(p, r, L.Broadcast(1.6666665459e-1f));
        p = L.Fma(p, r, L.Broadcast(5.0000001201e-1f));
        return L.Add(L.Fma(p, L.Multiply(r, r), r), L.Broadcast(1f));
    }
}
