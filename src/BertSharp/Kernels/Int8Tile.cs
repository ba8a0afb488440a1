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
    public static void Run<D, V>(int rows, byte* a, nint lda, sbyte* panel, nint groups, int* start, int* sums, byte* next, nint nextStep)
        where D : struct, IInt8Lane<V>
        where V : struct
    {
        switch (rows)
        {
            case 1: Run<D, V, Rows1>(a, lda, panel, groups, start, sums, next, nextStep); break;
            case 2: Run<D, V, Rows2>(a, lda, panel, groups, start, sums, next, nextStep); break;
            case 3: Run<D, V, Rows3>(a, lda, panel, groups, start, sums, next, nextStep); break;
            case 4: Run<D, V, Rows4>(a, lda, panel, groups, start, sums, next, nextStep); break;
            case 5: Run<D, V, Rows5>(a, lda, panel, groups, start, sums, next, nextStep); break;
            case 6: Run<D, V, Rows6>(a, lda, panel, groups, start, sums, next, nextStep); break;
            case 7: Run<D, V, Rows7>(a, lda, panel, groups, start, sums, next, nextStep); break;
            case 8: Run<D, V, Rows8>(a, lda, panel, groups, start, sums, next, nextStep); break;
            case 9: Run<D, V, Rows9>(a, lda, panel, groups, start, sums, next, nextStep); break;
            case 10: Run<D, V, Rows10>(a, lda, panel, groups, start, sums, next, nextStep); break;
            case 11: Run<D, V, Rows11>(a, lda, panel, groups, start, sums, next, nextStep); break;
            case 12: Run<D, V, Rows12>(a, lda, panel, groups, start, sums, next, nextStep); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), rows, "A tile has 1 to 12 rows.");
        }
    }

    /// <param name="a">First activation of the tile's rows.</param>
    /// <param name="lda">Bytes between rows of <paramref name="a"/>.</param>
    /// <param name="panel">A strip of a panel: groups of 32 columns of four bytes, of which the first two vectors are used.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="start">Sums of the columns' weights.</param>
    /// <param name="sums">Receives the tile, with <see cref="Panels.Width"/> sums a row.</param>
    /// <param name="next">What to call into L2 meanwhile, a cache line each group.</param>
    /// <param name="nextStep">Bytes between those lines; 0 calls one line again and again.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<D, V, R>(byte* a, nint lda, sbyte* panel, nint groups, int* start, int* sums, byte* next, nint nextStep)
        where D : struct, IInt8Lane<V>
        where V : struct
        where R : struct, IRows
    {
        const int step = Panels.Width * Int8Panels.Group;
        V c = D.Start(start), d = D.Start(start + D.Columns);
        V c0 = c, d0 = d, c1 = c, d1 = d, c2 = c, d2 = d, c3 = c, d3 = d, c4 = c, d4 = d, c5 = c, d5 = d;
        V c6 = c, d6 = d, c7 = c, d7 = d, c8 = c, d8 = d, c9 = c, d9 = d, c10 = c, d10 = d, c11 = c, d11 = d;
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

        D.Store(c0, sums); D.Store(d0, sums + D.Columns);
        if (R.Count > 1) { D.Store(c1, sums + (1 * Panels.Width)); D.Store(d1, sums + (1 * Panels.Width) + D.Columns); }
        if (R.Count > 2) { D.Store(c2, sums + (2 * Panels.Width)); D.Store(d2, sums + (2 * Panels.Width) + D.Columns); }
        if (R.Count > 3) { D.Store(c3, sums + (3 * Panels.Width)); D.Store(d3, sums + (3 * Panels.Width) + D.Columns); }
        if (R.Count > 4) { D.Store(c4, sums + (4 * Panels.Width)); D.Store(d4, sums + (4 * Panels.Width) + D.Columns); }
        if (R.Count > 5) { D.Store(c5, sums + (5 * Panels.Width)); D.Store(d5, sums + (5 * Panels.Width) + D.Columns); }
        if (R.Count > 6) { D.Store(c6, sums + (6 * Panels.Width)); D.Store(d6, sums + (6 * Panels.Width) + D.Columns); }
        if (R.Count > 7) { D.Store(c7, sums + (7 * Panels.Width)); D.Store(d7, sums + (7 * Panels.Width) + D.Columns); }
        if (R.Count > 8) { D.Store(c8, sums + (8 * Panels.Width)); D.Store(d8, sums + (8 * Panels.Width) + D.Columns); }
        if (R.Count > 9) { D.Store(c9, sums + (9 * Panels.Width)); D.Store(d9, sums + (9 * Panels.Width) + D.Columns); }
        if (R.Count > 10) { D.Store(c10, sums + (10 * Panels.Width)); D.Store(d10, sums + (10 * Panels.Width) + D.Columns); }
        if (R.Count > 11) { D.Store(c11, sums + (11 * Panels.Width)); D.Store(d11, sums + (11 * Panels.Width) + D.Columns); }
    }
}
