using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace BertSharp;

/// <summary>
/// The micro-kernel: a tile of <c>R × 2·L.Count</c> values of <c>y = start + a · panel</c>, held in registers, one chain of
/// fused multiply-adds per value, k ascending. Written for twelve rows; a smaller <c>R</c> compiles the rest away.
/// Rank-one updates from registers as in BLIS (van Zee, van de Geijn 2015).
/// </summary>
internal static unsafe class GemmTile
{
    /// <summary>The tile's second vector of columns begins half a panel behind its first, at every width.</summary>
    public const int Half = Panels.Width / 2;

    /// <summary>Runs the tile compiled for a number of rows, 1 … 12, and for the order of its input.</summary>
    public static void Run<L, V, W, O>(int rows, float* a, nint lda, W* panel, nint ldb, nint k, float* start, nint startStride, float* c, nint ldc, byte* next, nint nextStep)
        where L : struct, ILane<V>
        where V : struct
        where W : unmanaged
        where O : struct, IInputOrder
    {
        switch (rows)
        {
            case 1: Run<L, V, W, O, Rows1>(a, lda, panel, ldb, k, start, startStride, c, ldc, next, nextStep); break;
            case 2: Run<L, V, W, O, Rows2>(a, lda, panel, ldb, k, start, startStride, c, ldc, next, nextStep); break;
            case 3: Run<L, V, W, O, Rows3>(a, lda, panel, ldb, k, start, startStride, c, ldc, next, nextStep); break;
            case 4: Run<L, V, W, O, Rows4>(a, lda, panel, ldb, k, start, startStride, c, ldc, next, nextStep); break;
            case 5: Run<L, V, W, O, Rows5>(a, lda, panel, ldb, k, start, startStride, c, ldc, next, nextStep); break;
            case 6: Run<L, V, W, O, Rows6>(a, lda, panel, ldb, k, start, startStride, c, ldc, next, nextStep); break;
            case 7: Run<L, V, W, O, Rows7>(a, lda, panel, ldb, k, start, startStride, c, ldc, next, nextStep); break;
            case 8: Run<L, V, W, O, Rows8>(a, lda, panel, ldb, k, start, startStride, c, ldc, next, nextStep); break;
            case 9: Run<L, V, W, O, Rows9>(a, lda, panel, ldb, k, start, startStride, c, ldc, next, nextStep); break;
            case 10: Run<L, V, W, O, Rows10>(a, lda, panel, ldb, k, start, startStride, c, ldc, next, nextStep); break;
            case 11: Run<L, V, W, O, Rows11>(a, lda, panel, ldb, k, start, startStride, c, ldc, next, nextStep); break;
            case 12: Run<L, V, W, O, Rows12>(a, lda, panel, ldb, k, start, startStride, c, ldc, next, nextStep); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), rows, "A tile has 1 to 12 rows.");
        }
    }

    /// <param name="a">First element of the tile's rows: [R, k] with stride <paramref name="lda"/>, or [k, R] where the input is transposed.</param>
    /// <param name="lda">Floats between rows of <paramref name="a"/> as it lies in memory.</param>
    /// <param name="panel">A strip of a panel, float or bfloat16: k rows of 32 columns, of which the first vector of each half is used.</param>
    /// <param name="ldb">Values between rows of <paramref name="panel"/>; read where the input is transposed, a panel's width elsewhere.</param>
    /// <param name="k">Length of the chains.</param>
    /// <param name="start">Where the chains start: a bias (stride 0) or partial sums.</param>
    /// <param name="startStride">Floats between rows of <paramref name="start"/>.</param>
    /// <param name="c">Receives the tile.</param>
    /// <param name="ldc">Floats between rows of <paramref name="c"/>.</param>
    /// <param name="next">What to call into L2 meanwhile, a cache line each step of k.</param>
    /// <param name="nextStep">Bytes between those; 0 calls one line again and again.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<L, V, W, O, R>(float* a, nint lda, W* panel, nint ldb, nint k, float* start, nint startStride, float* c, nint ldc, byte* next, nint nextStep)
        where L : struct, ILane<V>
        where V : struct
        where W : unmanaged
        where O : struct, IInputOrder
        where R : struct, IRows
    {
        nint row = O.IsTransposed ? 1 : lda, step = O.IsTransposed ? lda : 1, panelStep = O.IsTransposed ? ldb : Panels.Width;
        V c0 = default, d0 = default, c1 = default, d1 = default, c2 = default, d2 = default, c3 = default, d3 = default, c4 = default, d4 = default, c5 = default, d5 = default;
        V c6 = default, d6 = default, c7 = default, d7 = default, c8 = default, d8 = default, c9 = default, d9 = default, c10 = default, d10 = default, c11 = default, d11 = default;
        c0 = L.Load(start); d0 = L.Load(start + Half);
        if (R.Count > 1) { c1 = L.Load(start + startStride); d1 = L.Load(start + startStride + Half); }
        if (R.Count > 2) { c2 = L.Load(start + 2 * startStride); d2 = L.Load(start + 2 * startStride + Half); }
        if (R.Count > 3) { c3 = L.Load(start + 3 * startStride); d3 = L.Load(start + 3 * startStride + Half); }
        if (R.Count > 4) { c4 = L.Load(start + 4 * startStride); d4 = L.Load(start + 4 * startStride + Half); }
        if (R.Count > 5) { c5 = L.Load(start + 5 * startStride); d5 = L.Load(start + 5 * startStride + Half); }
        if (R.Count > 6) { c6 = L.Load(start + 6 * startStride); d6 = L.Load(start + 6 * startStride + Half); }
        if (R.Count > 7) { c7 = L.Load(start + 7 * startStride); d7 = L.Load(start + 7 * startStride + Half); }
        if (R.Count > 8) { c8 = L.Load(start + 8 * startStride); d8 = L.Load(start + 8 * startStride + Half); }
        if (R.Count > 9) { c9 = L.Load(start + 9 * startStride); d9 = L.Load(start + 9 * startStride + Half); }
        if (R.Count > 10) { c10 = L.Load(start + 10 * startStride); d10 = L.Load(start + 10 * startStride + Half); }
        if (R.Count > 11) { c11 = L.Load(start + 11 * startStride); d11 = L.Load(start + 11 * startStride + Half); }

        // Four row pointers, each with two neighbours by stride: all addresses stay in registers.
        float* a0 = a, a3 = a + (3 * row), a6 = a + (6 * row), a9 = a + (9 * row);
        for (float* end = a + (k * step); a0 < end; a0 += step, a3 += step, a6 += step, a9 += step, panel += panelStep, next += nextStep)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch1(next);
            }

            Load<L, V, W>(panel, out V b, out V e);
            V x;
            x = L.Broadcast(*a0); c0 = L.Fma(x, b, c0); d0 = L.Fma(x, e, d0);
            if (R.Count > 1) { x = L.Broadcast(a0[row]); c1 = L.Fma(x, b, c1); d1 = L.Fma(x, e, d1); }
            if (R.Count > 2) { x = L.Broadcast(a0[2 * row]); c2 = L.Fma(x, b, c2); d2 = L.Fma(x, e, d2); }
            if (R.Count > 3) { x = L.Broadcast(*a3); c3 = L.Fma(x, b, c3); d3 = L.Fma(x, e, d3); }
            if (R.Count > 4) { x = L.Broadcast(a3[row]); c4 = L.Fma(x, b, c4); d4 = L.Fma(x, e, d4); }
            if (R.Count > 5) { x = L.Broadcast(a3[2 * row]); c5 = L.Fma(x, b, c5); d5 = L.Fma(x, e, d5); }
            if (R.Count > 6) { x = L.Broadcast(*a6); c6 = L.Fma(x, b, c6); d6 = L.Fma(x, e, d6); }
            if (R.Count > 7) { x = L.Broadcast(a6[row]); c7 = L.Fma(x, b, c7); d7 = L.Fma(x, e, d7); }
            if (R.Count > 8) { x = L.Broadcast(a6[2 * row]); c8 = L.Fma(x, b, c8); d8 = L.Fma(x, e, d8); }
            if (R.Count > 9) { x = L.Broadcast(*a9); c9 = L.Fma(x, b, c9); d9 = L.Fma(x, e, d9); }
            if (R.Count > 10) { x = L.Broadcast(a9[row]); c10 = L.Fma(x, b, c10); d10 = L.Fma(x, e, d10); }
            if (R.Count > 11) { x = L.Broadcast(a9[2 * row]); c11 = L.Fma(x, b, c11); d11 = L.Fma(x, e, d11); }
        }

        L.Store(c0, c); L.Store(d0, c + Half);
        if (R.Count > 1) { L.Store(c1, c + ldc); L.Store(d1, c + ldc + Half); }
        if (R.Count > 2) { L.Store(c2, c + 2 * ldc); L.Store(d2, c + 2 * ldc + Half); }
        if (R.Count > 3) { L.Store(c3, c + 3 * ldc); L.Store(d3, c + 3 * ldc + Half); }
        if (R.Count > 4) { L.Store(c4, c + 4 * ldc); L.Store(d4, c + 4 * ldc + Half); }
        if (R.Count > 5) { L.Store(c5, c + 5 * ldc); L.Store(d5, c + 5 * ldc + Half); }
        if (R.Count > 6) { L.Store(c6, c + 6 * ldc); L.Store(d6, c + 6 * ldc + Half); }
        if (R.Count > 7) { L.Store(c7, c + 7 * ldc); L.Store(d7, c + 7 * ldc + Half); }
        if (R.Count > 8) { L.Store(c8, c + 8 * ldc); L.Store(d8, c + 8 * ldc + Half); }
        if (R.Count > 9) { L.Store(c9, c + 9 * ldc); L.Store(d9, c + 9 * ldc + Half); }
        if (R.Count > 10) { L.Store(c10, c + 10 * ldc); L.Store(d10, c + 10 * ldc + Half); }
        if (R.Count > 11) { L.Store(c11, c + 11 * ldc); L.Store(d11, c + 11 * ldc + Half); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<L, V, W>(W* source, out V first, out V second)
        where L : struct, ILane<V>
        where V : struct
        where W : unmanaged
    {
        V words = L.Load((float*)source);
        first = typeof(W) == typeof(ushort) ? L.LowerHalf(words) : words;
        second = typeof(W) == typeof(ushort) ? L.UpperHalf(words) : L.Load((float*)source + Half);
    }
}
