using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>Sums and quotients in place; the generic forms work on memory already checked.</summary>
internal static unsafe class Arithmetic
{
    /// <summary>x ← x + y, for spans of one length.</summary>
    public static void Add(Span<float> x, ReadOnlySpan<float> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        fixed (float* left = x, right = y)
        {
            Simd.Run(new AddKernel(left, right, x.Length));
        }
    }

    /// <summary>x ← x + factor · y, each one fused multiply-add.</summary>
    public static void AddScaled(Span<float> x, float factor, ReadOnlySpan<float> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = float.FusedMultiplyAdd(factor, y[i], x[i]);
        }
    }

    /// <summary>z ← x · y, for spans of one length; z may be x.</summary>
    public static void Multiply(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.Length, x.Length);
        fixed (float* left = x, right = y, result = z)
        {
            Simd.Run(new MultiplyKernel(left, right, null, result, x.Length));
        }
    }

    /// <summary>w ← x · y + z, each one fused multiply-add; for spans of one length, w may be x.</summary>
    public static void MultiplyAdd(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, Span<float> w)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.Length, x.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(w.Length, x.Length);
        fixed (float* left = x, right = y, addend = z, result = w)
        {
            Simd.Run(new MultiplyKernel(left, right, addend, result, x.Length));
        }
    }

    /// <summary>x ← factor · x.</summary>
    public static void Scale(Span<float> x, float factor)
    {
        fixed (float* values = x)
        {
            Simd.Run(new ScaleKernel(values, factor, x.Length));
        }
    }

    /// <summary>x ← x / divisor.</summary>
    public static void Divide(Span<float> x, float divisor)
    {
        fixed (float* values = x)
        {
            Simd.Run(new DivideKernel(values, divisor, x.Length));
        }
    }

    /// <summary>x ← x / divisor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Divide<L, V>(float* x, float divisor, int length)
        where L : struct, ILane<V>
        where V : struct
    {
        V d = L.Broadcast(divisor);
        int i = 0;
        for (; i <= length - L.Count; i += L.Count)
        {
            L.Store(L.Divide(L.Load(x + i), d), x + i);
        }

        if (i < length)
        {
            L.StoreFirst(L.Divide(L.LoadFirst(x + i, length - i, d), d), x + i, length - i);
        }
    }

    /// <summary>x ← x + y for rows of two matrices.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<L, V>(float* x, nint stride, float* y, nint strideY, int rows, int columns)
        where L : struct, ILane<V>
        where V : struct
    {
        V zero = L.Broadcast(0f);
        for (; rows > 0; rows--, x += stride, y += strideY)
        {
            int i = 0;
            for (; i <= columns - L.Count; i += L.Count)
            {
                L.Store(L.Add(L.Load(x + i), L.Load(y + i)), x + i);
            }

            if (i < columns)
            {
                V left = L.LoadFirst(x + i, columns - i, zero), right = L.LoadFirst(y + i, columns - i, zero);
                L.StoreFirst(L.Add(left, right), x + i, columns - i);
            }
        }
    }

    private readonly struct AddKernel(float* x, float* y, int length) : IKernel
    {
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
            => Add<L, V>(x, length, y, length, 1, length);
    }

    private readonly struct MultiplyKernel(float* x, float* y, float* addend, float* result, int length) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            int i = 0;
            for (; i <= length - L.Count; i += L.Count)
            {
                V left = L.Load(x + i), right = L.Load(y + i);
                L.Store(addend == null ? L.Multiply(left, right) : L.Fma(left, right, L.Load(addend + i)), result + i);
            }

            for (; i < length; i++)
            {
                result[i] = addend == null ? x[i] * y[i] : float.FusedMultiplyAdd(x[i], y[i], addend[i]);
            }
        }
    }

    private readonly struct ScaleKernel(float* x, float factor, int length) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            V f = L.Broadcast(factor);
            int i = 0;
            for (; i <= length - L.Count; i += L.Count)
            {
                L.Store(L.Multiply(L.Load(x + i), f), x + i);
            }

            for (; i < length; i++)
            {
                x[i] *= factor;
            }
        }
    }

    private readonly struct DivideKernel(float* x, float divisor, int length) : IKernel
    {
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
            => Divide<L, V>(x, divisor, length);
    }
}
