using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace BertSharp;

/// <summary>
/// The micro-kernel of whole numbers: a tile of <c>R × 2·D.Columns</c> sums, held in registers over the whole depth. The twin of
/// <see cref="GemmTile"/>, four steps of k at a time; a smaller <c>R</c> compiles the rest away.
/// </summary>
internal static unsafe class Int8Tile
{
    /// <summary>Runs the tile compiled for a number of rows, 1 … 12.</summary>
    public static void Run<D, V>(int rows, byte* a, nint lda, sbyte* panel, nint groups, in Int8Outputs outputs, byte* next, nint nextStep)
        where D : struct, IInt8Lane<V>
        where V : struct
    {
        switch (rows)
        {
            case 1: Run<D, V, Rows1>(a, lda, panel, groups, outputs, next, nextStep); break;
            case 2: Run<D, V, Rows2>(a, lda, panel, groups, outputs, next, nextStep); break;
            case 3: Run<D, V, Rows3>(a, lda, panel, groups, outputs, next, nextStep); break;
            case 4: Run<D, V, Rows4>(a, lda, panel, groups, outputs, next, nextStep); break;
            case 5: Run<D, V, Rows5>(a, lda, panel, groups, outputs, next, nextStep); break;
            case 6: Run<D, V, Rows6>(a, lda, panel, groups, outputs, next, nextStep); break;
            case 7: Run<D, V, Rows7>(a, lda, panel, groups, outputs, next, nextStep); break;
            case 8: Run<D, V, Rows8>(a, lda, panel, groups, outputs, next, nextStep); break;
            case 9: Run<D, V, Rows9>(a, lda, panel, groups, outputs, next, nextStep); break;
            case 10: Run<D, V, Rows10>(a, lda, panel, groups, outputs, next, nextStep); break;
            case 11: Run<D, V, Rows11>(a, lda, panel, groups, outputs, next, nextStep); break;
            case 12: Run<D, V, Rows12>(a, lda, panel, groups, outputs, next, nextStep); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), rows, "A tile has 1 to 12 rows.");
        }
    }

    /// <param name="a">First activation of the tile's rows.</param>
    /// <param name="lda">Bytes between rows of <paramref name="a"/>.</param>
    /// <param name="panel">A strip of a panel: groups of 32 columns of four bytes, of which the first two vectors are used.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="outputs">Receives the tile.</param>
    /// <param name="next">What to call into L2 meanwhile, a cache line each group.</param>
    /// <param name="nextStep">Bytes between those lines; 0 calls one line again and again.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<D, V, R>(byte* a, nint lda, sbyte* panel, nint groups, in Int8Outputs outputs, byte* next, nint nextStep)
        where D : struct, IInt8Lane<V>
        where V : struct
        where R : struct, IRows
    {
        const int step = Panels.Width * Int8Panels.Group;
        V c0 = outputs.Start<D, V>(0, 0), d0 = outputs.Start<D, V>(0, D.Columns);
        V c1 = default, d1 = default, c2 = default, d2 = default, c3 = default, d3 = default, c4 = default, d4 = default, c5 = default, d5 = default;
        V c6 = default, d6 = default, c7 = default, d7 = default, c8 = default, d8 = default, c9 = default, d9 = default, c10 = default, d10 = default, c11 = default, d11 = default;
        if (R.Count > 1) { c1 = outputs.Start<D, V>(1, 0); d1 = outputs.Start<D, V>(1, D.Columns); }
        if (R.Count > 2) { c2 = outputs.Start<D, V>(2, 0); d2 = outputs.Start<D, V>(2, D.Columns); }
        if (R.Count > 3) { c3 = outputs.Start<D, V>(3, 0); d3 = outputs.Start<D, V>(3, D.Columns); }
        if (R.Count > 4) { c4 = outputs.Start<D, V>(4, 0); d4 = outputs.Start<D, V>(4, D.Columns); }
        if (R.Count > 5) { c5 = outputs.Start<D, V>(5, 0); d5 = outputs.Start<D, V>(5, D.Columns); }
        if (R.Count > 6) { c6 = outputs.Start<D, V>(6, 0); d6 = outputs.Start<D, V>(6, D.Columns); }
        if (R.Count > 7) { c7 = outputs.Start<D, V>(7, 0); d7 = outputs.Start<D, V>(7, D.Columns); }
        if (R.Count > 8) { c8 = outputs.Start<D, V>(8, 0); d8 = outputs.Start<D, V>(8, D.Columns); }
        if (R.Count > 9) { c9 = outputs.Start<D, V>(9, 0); d9 = outputs.Start<D, V>(9, D.Columns); }
        if (R.Count > 10) { c10 = outputs.Start<D, V>(10, 0); d10 = outputs.Start<D, V>(10, D.Columns); }
        if (R.Count > 11) { c11 = outputs.Start<D, V>(11, 0); d11 = outputs.Start<D, V>(11, D.Columns); }
        nint bytes = Int8Panels.Group * D.ActivationBytes;
        byte* a0 = a, a3 = a + (3 * lda), a6 = a + (6 * lda), a9 = a + (9 * lda);
        for (byte* end = a + (groups * bytes); a0 < end; a0 += bytes, a3 += bytes, a6 += bytes, a9 += bytes, panel += step, next += nextStep)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch1(next);
            }

            V b = D.LoadWeights(panel), e = D.LoadWeights(panel + (Int8Panels.Group * D.Columns)), x;
            x = D.LoadActivations(a0); c0 = D.MultiplyAdd(x, b, c0); d0 = D.MultiplyAdd(x, e, d0);
            if (R.Count > 1) { x = D.LoadActivations(a0 + lda); c1 = D.MultiplyAdd(x, b, c1); d1 = D.MultiplyAdd(x, e, d1); }
            if (R.Count > 2) { x = D.LoadActivations(a0 + (2 * lda)); c2 = D.MultiplyAdd(x, b, c2); d2 = D.MultiplyAdd(x, e, d2); }
            if (R.Count > 3) { x = D.LoadActivations(a3); c3 = D.MultiplyAdd(x, b, c3); d3 = D.MultiplyAdd(x, e, d3); }
            if (R.Count > 4) { x = D.LoadActivations(a3 + lda); c4 = D.MultiplyAdd(x, b, c4); d4 = D.MultiplyAdd(x, e, d4); }
            if (R.Count > 5) { x = D.LoadActivations(a3 + (2 * lda)); c5 = D.MultiplyAdd(x, b, c5); d5 = D.MultiplyAdd(x, e, d5); }
            if (R.Count > 6) { x = D.LoadActivations(a6); c6 = D.MultiplyAdd(x, b, c6); d6 = D.MultiplyAdd(x, e, d6); }
            if (R.Count > 7) { x = D.LoadActivations(a6 + lda); c7 = D.MultiplyAdd(x, b, c7); d7 = D.MultiplyAdd(x, e, d7); }
            if (R.Count > 8) { x = D.LoadActivations(a6 + (2 * lda)); c8 = D.MultiplyAdd(x, b, c8); d8 = D.MultiplyAdd(x, e, d8); }
            if (R.Count > 9) { x = D.LoadActivations(a9); c9 = D.MultiplyAdd(x, b, c9); d9 = D.MultiplyAdd(x, e, d9); }
            if (R.Count > 10) { x = D.LoadActivations(a9 + lda); c10 = D.MultiplyAdd(x, b, c10); d10 = D.MultiplyAdd(x, e, d10); }
            if (R.Count > 11) { x = D.LoadActivations(a9 + (2 * lda)); c11 = D.MultiplyAdd(x, b, c11); d11 = D.MultiplyAdd(x, e, d11); }
        }

        outputs.Finish<D, V>(0, c0, d0);
        if (R.Count > 1) { outputs.Finish<D, V>(1, c1, d1); }
        if (R.Count > 2) { outputs.Finish<D, V>(2, c2, d2); }
        if (R.Count > 3) { outputs.Finish<D, V>(3, c3, d3); }
        if (R.Count > 4) { outputs.Finish<D, V>(4, c4, d4); }
        if (R.Count > 5) { outputs.Finish<D, V>(5, c5, d5); }
        if (R.Count > 6) { outputs.Finish<D, V>(6, c6, d6); }
        if (R.Count > 7) { outputs.Finish<D, V>(7, c7, d7); }
        if (R.Count > 8) { outputs.Finish<D, V>(8, c8, d8); }
        if (R.Count > 9) { outputs.Finish<D, V>(9, c9, d9); }
        if (R.Count > 10) { outputs.Finish<D, V>(10, c10, d10); }
        if (R.Count > 11) { outputs.Finish<D, V>(11, c11, d11); }
    }
}
