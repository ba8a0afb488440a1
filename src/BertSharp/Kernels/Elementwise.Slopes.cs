using System.Runtime.CompilerServices;

namespace BertSharp;

/// <content>The derivative of each activation, from the value before it; where there are two, that of torch (0 at 0).</content>
internal static unsafe partial class Elementwise
{
    /// <summary>y ← y · act′(x), for spans of one length.</summary>
    public static void MultiplyBySlope(Activation activation, Span<float> y, ReadOnlySpan<float> x)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, y.Length);
        fixed (float* left = y, right = x)
        {
            Simd.Run(new SlopeKernel(activation, left, right, y.Length));
        }
    }

    /// <summary>The same for rows of matrices, at a width already chosen, on memory already checked.</summary>
    public static void MultiplyBySlope<L, V>(Activation activation, float* y, nint strideY, float* x, nint strideX, int rows, int columns)
        where L : struct, ILane<V>
        where V : struct
    {
        switch (activation)
        {
            case Activation.None: break;
            case Activation.Gelu: SlopeLoop<L, V, Slopes.Gelu>(y, strideY, x, strideX, rows, columns); break;
            case Activation.GeluTanh: SlopeLoop<L, V, Slopes.GeluTanh>(y, strideY, x, strideX, rows, columns); break;
            case Activation.QuickGelu: SlopeLoop<L, V, Slopes.QuickGelu>(y, strideY, x, strideX, rows, columns); break;
            case Activation.Relu: SlopeLoop<L, V, Slopes.Relu>(y, strideY, x, strideX, rows, columns); break;
            case Activation.Relu6: SlopeLoop<L, V, Slopes.Relu6>(y, strideY, x, strideX, rows, columns); break;
            case Activation.ReluSquared: SlopeLoop<L, V, Slopes.ReluSquared>(y, strideY, x, strideX, rows, columns); break;
            case Activation.LeakyRelu: SlopeLoop<L, V, Slopes.LeakyRelu>(y, strideY, x, strideX, rows, columns); break;
            case Activation.Silu: SlopeLoop<L, V, Slopes.Silu>(y, strideY, x, strideX, rows, columns); break;
            case Activation.Sigmoid: SlopeLoop<L, V, Slopes.Sigmoid>(y, strideY, x, strideX, rows, columns); break;
            case Activation.Tanh: SlopeLoop<L, V, Slopes.Tanh>(y, strideY, x, strideX, rows, columns); break;
            case Activation.Mish: SlopeLoop<L, V, Slopes.Mish>(y, strideY, x, strideX, rows, columns); break;
            default: throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not an activation.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SlopeLoop<L, V, F>(float* y, nint strideY, float* x, nint strideX, int rows, int columns)
        where L : struct, ILane<V>
        where V : struct
        where F : struct, IElementwise
    {
        for (; rows > 0; rows--, y += strideY, x += strideX)
        {
            int i = 0;
            for (; i <= columns - (2 * L.Count); i += 2 * L.Count)
            {
                VectorPair<V> slope = F.Apply<LanePair<L, V>, VectorPair<V>>(LanePair<L, V>.Load(x + i));
                LanePair<L, V>.Store(LanePair<L, V>.Multiply(LanePair<L, V>.Load(y + i), slope), y + i);
            }

            for (; i <= columns - L.Count; i += L.Count)
            {
                L.Store(L.Multiply(L.Load(y + i), F.Apply<L, V>(L.Load(x + i))), y + i);
            }

            if (i < columns)
            {
                V zero = L.Broadcast(0f), slope = F.Apply<L, V>(L.LoadFirst(x + i, columns - i, zero));
                L.StoreFirst(L.Multiply(L.LoadFirst(y + i, columns - i, zero), slope), y + i, columns - i);
            }
        }
    }

    private readonly struct SlopeKernel(Activation activation, float* y, float* x, int length) : IKernel
    {
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
            => MultiplyBySlope<L, V>(activation, y, length, x, length, 1, length);
    }

    /// <summary>One formula for each <see cref="Activation"/>.</summary>
    private static class Slopes
    {
        public readonly struct Gelu : IElementwise
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static V Apply<L, V>(V x)
                where L : struct, ILane<V>
                where V : struct
                => Elementary.GeluSlope<L, V>(x);
        }

        public readonly struct GeluTanh : IElementwise
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static V Apply<L, V>(V x)
                where L : struct, ILane<V>
                where V : struct
            {
                V z = Within<L, V>(x, 20f), square = L.Multiply(z, z);
                V u = L.Multiply(L.Broadcast(1.59576912f), L.Fma(L.Multiply(L.Broadcast(0.044715f), square), z, z));
                V inner = L.Multiply(L.Broadcast(1.59576912f), L.Fma(L.Broadcast(0.134145f), square, L.Broadcast(1f)));
                return OfGate<L, V>(z, Elementary.Sigmoid<L, V>(u), inner);
            }
        }

        public readonly struct QuickGelu : IElementwise
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static V Apply<L, V>(V x)
                where L : struct, ILane<V>
                where V : struct
            {
                V z = Within<L, V>(x, 100f), factor = L.Broadcast(1.702f);
                return OfGate<L, V>(z, Elementary.Sigmoid<L, V>(L.Multiply(factor, z)), factor);
            }
        }

        public readonly struct Relu : IElementwise
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static V Apply<L, V>(V x)
                where L : struct, ILane<V>
                where V : struct
                => L.Select(L.LessThan(L.Broadcast(0f), x), L.Broadcast(1f), L.Broadcast(0f));
        }

        public readonly struct Relu6 : IElementwise
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static V Apply<L, V>(V x)
                where L : struct, ILane<V>
                where V : struct
                => L.Select(L.LessThan(x, L.Broadcast(6f)), Relu.Apply<L, V>(x), L.Broadcast(0f));
        }

        public readonly struct ReluSquared : IElementwise
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static V Apply<L, V>(V x)
                where L : struct, ILane<V>
                where V : struct
                => L.Select(L.LessThan(L.Broadcast(0f), x), L.Add(x, x), L.Broadcast(0f));
        }

        public readonly struct LeakyRelu : IElementwise
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static V Apply<L, V>(V x)
                where L : struct, ILane<V>
                where V : struct
                => L.Select(L.LessThan(L.Broadcast(0f), x), L.Broadcast(1f), L.Broadcast(0.01f));
        }

        public readonly struct Silu : IElementwise
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static V Apply<L, V>(V x)
                where L : struct, ILane<V>
                where V : struct
            {
                V z = Within<L, V>(x, 100f);
                return OfGate<L, V>(z, Elementary.Sigmoid<L, V>(z), L.Broadcast(1f));
            }
        }

        public readonly struct Sigmoid : IElementwise
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static V Apply<L, V>(V x)
                where L : struct, ILane<V>
                where V : struct
            {
                V gate = Elementary.Sigmoid<L, V>(x);
                return L.Multiply(gate, L.Subtract(L.Broadcast(1f), gate));
            }
        }

        public readonly struct Tanh : IElementwise
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static V Apply<L, V>(V x)
                where L : struct, ILane<V>
                where V : struct
            {
                V y = Elementary.Tanh<L, V>(x);
                return L.Subtract(L.Broadcast(1f), L.Multiply(y, y));
            }
        }

        public readonly struct Mish : IElementwise
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static V Apply<L, V>(V x)
                where L : struct, ILane<V>
                where V : struct
            {
                // With n = e² + 2e and T = n / (n + 2): 1 − T² = 4·(n + 1) / (n + 2)².
                V z = Within<L, V>(x, 20f), one = L.Broadcast(1f), two = L.Broadcast(2f);
                V e = Elementary.Exp<L, V>(z), n = L.Multiply(e, L.Add(e, two)), below = L.Add(n, two);
                V rest = L.Multiply(L.Divide(L.Broadcast(4f), below), L.Divide(L.Add(n, one), below));
                V slope = L.Fma(L.Multiply(z, rest), Elementary.Sigmoid<L, V>(z), L.Divide(n, below));
                return L.Select(L.LessThan(L.Broadcast(20f), x), one, slope);
            }
        }

        /// <summary>The derivative of x·σ(u(x)): σ + x·σ·(1 − σ)·u′.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V OfGate<L, V>(V x, V gate, V inner)
            where L : struct, ILane<V>
            where V : struct
            => L.Fma(L.Multiply(L.Multiply(x, inner), gate), L.Subtract(L.Broadcast(1f), gate), gate);

        /// <summary>x within ±limit, from where on the derivative is constant in float32: so no infinity meets a zero.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Within<L, V>(V x, float limit)
            where L : struct, ILane<V>
            where V : struct
            => L.Max(L.Min(x, L.Broadcast(limit)), L.Broadcast(-limit));
    }
}
