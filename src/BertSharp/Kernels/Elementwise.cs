using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>A function of one value: a formula; the loop around it is shared.</summary>
internal interface IElementwise
{
    static abstract V Apply<L, V>(V x)
        where L : struct, ILane<V>
        where V : struct;
}

/// <summary>Applies an element-wise function in place.</summary>
internal static unsafe partial class Elementwise
{
    /// <summary>Replaces each value by its activation.</summary>
    public static void Apply(Activation activation, Span<float> values)
    {
        fixed (float* x = values)
        {
            Simd.Run(new Kernel(activation, x, values.Length));
        }
    }

    /// <summary>The same for rows of a matrix, at a width already chosen, on memory already checked.</summary>
    public static void Apply<L, V>(Activation activation, float* x, nint stride, int rows, int columns)
        where L : struct, ILane<V>
        where V : struct
    {
        switch (activation)
        {
            case Activation.None: break;
            case Activation.Gelu: Loop<L, V, Gelu>(x, stride, rows, columns); break;
            case Activation.GeluTanh: Loop<L, V, GeluTanh>(x, stride, rows, columns); break;
            case Activation.QuickGelu: Loop<L, V, QuickGelu>(x, stride, rows, columns); break;
            case Activation.Relu: Loop<L, V, Relu>(x, stride, rows, columns); break;
            case Activation.Relu6: Loop<L, V, Relu6>(x, stride, rows, columns); break;
            case Activation.ReluSquared: Loop<L, V, ReluSquared>(x, stride, rows, columns); break;
            case Activation.LeakyRelu: Loop<L, V, LeakyRelu>(x, stride, rows, columns); break;
            case Activation.Silu: Loop<L, V, Silu>(x, stride, rows, columns); break;
            case Activation.Sigmoid: Loop<L, V, Sigmoid>(x, stride, rows, columns); break;
            case Activation.Tanh: Loop<L, V, Tanh>(x, stride, rows, columns); break;
            case Activation.Mish: Loop<L, V, Mish>(x, stride, rows, columns); break;
            default: throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not an activation.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Loop<L, V, F>(float* x, nint stride, int rows, int columns)
        where L : struct, ILane<V>
        where V : struct
        where F : struct, IElementwise
    {
        for (; rows > 0; rows--, x += stride)
        {
            int i = 0;
            for (; i <= columns - (2 * L.Count); i += 2 * L.Count)
            {
                LanePair<L, V>.Store(F.Apply<LanePair<L, V>, VectorPair<V>>(LanePair<L, V>.Load(x + i)), x + i);
            }

            for (; i <= columns - L.Count; i += L.Count)
            {
                L.Store(F.Apply<L, V>(L.Load(x + i)), x + i);
            }

            if (i < columns)
            {
                L.StoreFirst(F.Apply<L, V>(L.LoadFirst(x + i, columns - i, L.Broadcast(0f))), x + i, columns - i);
            }
        }
    }

    private readonly struct Kernel(Activation activation, float* x, int length) : IKernel
    {
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
            => Apply<L, V>(activation, x, length, 1, length);
    }

    private readonly struct Gelu : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<L, V>(V x)
            where L : struct, ILane<V>
            where V : struct
            => Elementary.Gelu<L, V>(x);
    }

    private readonly struct GeluTanh : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<L, V>(V x)
            where L : struct, ILane<V>
            where V : struct
            => Elementary.GeluTanh<L, V>(x);
    }

    private readonly struct QuickGelu : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<L, V>(V x)
            where L : struct, ILane<V>
            where V : struct
            => Elementary.TimesSigmoid<L, V>(x, L.Multiply(L.Broadcast(1.702f), x));
    }

    private readonly struct Relu : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<L, V>(V x)
            where L : struct, ILane<V>
            where V : struct
            => L.Select(L.LessThan(x, L.Broadcast(0f)), L.Broadcast(0f), x);
    }

    private readonly struct Relu6 : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<L, V>(V x)
            where L : struct, ILane<V>
            where V : struct
        {
            V positive = Relu.Apply<L, V>(x), six = L.Broadcast(6f);
            return L.Select(L.LessThan(six, positive), six, positive);
        }
    }

    private readonly struct ReluSquared : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<L, V>(V x)
            where L : struct, ILane<V>
            where V : struct
        {
            V positive = Relu.Apply<L, V>(x);
            return L.Multiply(positive, positive);
        }
    }

    private readonly struct LeakyRelu : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<L, V>(V x)
            where L : struct, ILane<V>
            where V : struct
            => L.Select(L.LessThan(x, L.Broadcast(0f)), L.Multiply(x, L.Broadcast(0.01f)), x);
    }

    private readonly struct Silu : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<L, V>(V x)
            where L : struct, ILane<V>
            where V : struct
            => Elementary.TimesSigmoid<L, V>(x, x);
    }

    private readonly struct Sigmoid : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<L, V>(V x)
            where L : struct, ILane<V>
            where V : struct
            => Elementary.Sigmoid<L, V>(x);
    }

    private readonly struct Tanh : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<L, V>(V x)
            where L : struct, ILane<V>
            where V : struct
            => Elementary.Tanh<L, V>(x);
    }

    private readonly struct Mish : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<L, V>(V x)
            where L : struct, ILane<V>
            where V : struct
            => Elementary.Mish<L, V>(x);
    }
}
