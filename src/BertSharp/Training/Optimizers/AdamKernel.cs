using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>Adam over a run of values: moments, then the step, which is taken from the weights or left in place of the gradient.</summary>
internal readonly unsafe struct AdamKernel(float* w, float* g, float* m, float* v, int count, AdamCoefficients coefficients, bool leavesStep) : IKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<L, V>()
        where L : struct, ILane<V>
        where V : struct
    {
        float* target = leavesStep ? g : w;
        int i = 0;
        for (; i <= count - L.Count; i += L.Count)
        {
            V weight = L.Load(w + i), first = L.Load(m + i), second = L.Load(v + i);
            V step = Step<L, V>(weight, L.Load(g + i), ref first, ref second);
            L.Store(first, m + i);
            L.Store(second, v + i);
            L.Store(leavesStep ? step : L.Subtract(weight, step), target + i);
        }

        if (i < count)
        {
            int left = count - i;
            V zero = L.Broadcast(0f);
            V weight = L.LoadFirst(w + i, left, zero), first = L.LoadFirst(m + i, left, zero), second = L.LoadFirst(v + i, left, zero);
            V step = Step<L, V>(weight, L.LoadFirst(g + i, left, zero), ref first, ref second);
            L.StoreFirst(first, m + i, left);
            L.StoreFirst(second, v + i, left);
            L.StoreFirst(leavesStep ? step : L.Subtract(weight, step), target + i, left);
        }
    }

    // The formula of AdamCoefficients.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Step<L, V>(V weight, V gradient, ref V first, ref V second)
        where L : struct, ILane<V>
        where V : struct
    {
        V scaled = L.Multiply(L.Broadcast(coefficients.Scale), gradient);
        first = L.Fma(L.Broadcast(coefficients.NewFirst), L.Subtract(scaled, first), first);
        second = L.Fma(L.Multiply(L.Broadcast(coefficients.NewSecond), scaled), scaled, L.Multiply(L.Broadcast(coefficients.KeptSecond), second));
        V root = L.Fma(L.Broadcast(coefficients.RootScale), L.Sqrt(second), L.Broadcast(coefficients.Epsilon));
        return L.Fma(L.Broadcast(coefficients.Direction), L.Divide(first, root), L.Multiply(L.Broadcast(coefficients.Decay), weight));
    }
}
