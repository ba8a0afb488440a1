namespace BertSharp;

/// <content>A right-hand side that stays row-major and is packed on the way.</content>
internal static unsafe partial class Gemm
{
    [ThreadStatic]
    private static AlignedBuffer? _scratch;

    /// <summary>
    /// Computes the panels <paramref name="firstPanel"/> … of y = x·Wᵀ + b for a matrix W that stays row-major (the tied
    /// decoder): each panel is packed into scratch of this thread. The bits are those of a packed W.
    /// </summary>
    /// <param name="x">[M, K], read in place.</param>
    /// <param name="w">[N, K].</param>
    /// <param name="bias">N values, rounded up to whole panels; null for zero.</param>
    /// <param name="y">[M, N]; may not overlap <paramref name="x"/>.</param>
    /// <param name="epilogue">What follows on each tile; no residual.</param>
    /// <param name="firstPanel">First 32 rows of W: a thread's share.</param>
    /// <param name="panelCount">How many panels.</param>
    public static void Run(Matrix x, Matrix w, float* bias, Matrix y, in GemmEpilogue epilogue, int firstPanel, int panelCount)
    {
        if (x.Columns != w.Columns || y.Columns != w.Rows || y.Rows != x.Rows || epilogue.Residual.Data != 0
            || firstPanel < 0 || panelCount < 0 || (firstPanel + panelCount - 1L) * Panels.Width >= w.Rows)
        {
            throw new ArgumentException($"Shapes do not fit: x [{x.Rows}, {x.Columns}] · Wᵀ, W [{w.Rows}, {w.Columns}] → y [{y.Rows}, {y.Columns}], panels {firstPanel} + {panelCount}, no residual.");
        }

        AlignedBuffer scratch = Scratch(Panels.Size(w.Columns, Panels.Width));
        for (int column = firstPanel * Panels.Width; panelCount > 0; column += Panels.Width, panelCount--)
        {
            int columns = Math.Min(Panels.Width, w.Rows - column);
            Panels panel = new((nint)scratch.Pointer, w.Columns, columns);
            panel.PackRows(w.Slice(column, columns), 0);
            Run(x, panel, bias == null ? null : bias + column, y.SliceColumns(column, columns), epilogue);
        }

        GC.KeepAlive(scratch);
    }

    /// <summary>
    /// Computes the panels <paramref name="firstPanel"/> … of y = x·B for a matrix B that stays row-major: the gradient of what
    /// went into a tied decoder. Each panel is packed into scratch of this thread.
    /// </summary>
    /// <param name="x">[M, K].</param>
    /// <param name="b">[K, N].</param>
    /// <param name="y">[M, N]; may not overlap <paramref name="x"/>.</param>
    /// <param name="firstPanel">First 32 columns of B: a thread's share.</param>
    /// <param name="panelCount">How many panels.</param>
    public static void RunColumns(Matrix x, Matrix b, Matrix y, int firstPanel, int panelCount)
    {
        if (x.Columns != b.Rows || y.Columns != b.Columns || y.Rows != x.Rows
            || firstPanel < 0 || panelCount < 0 || (firstPanel + panelCount - 1L) * Panels.Width >= b.Columns)
        {
            throw new ArgumentException($"Shapes do not fit: x [{x.Rows}, {x.Columns}] · B [{b.Rows}, {b.Columns}] → y [{y.Rows}, {y.Columns}], panels {firstPanel} + {panelCount}.");
        }

        AlignedBuffer scratch = Scratch(Panels.Size(b.Rows, Panels.Width));
        for (int column = firstPanel * Panels.Width; panelCount > 0; column += Panels.Width, panelCount--)
        {
            int columns = Math.Min(Panels.Width, b.Columns - column);
            Panels panel = new((nint)scratch.Pointer, b.Rows, columns);
            panel.PackColumns(b.SliceColumns(column, columns));
            Run(x, panel, null, y.SliceColumns(column, columns), GemmEpilogue.None);
        }

        GC.KeepAlive(scratch);
    }

    /// <summary>This thread's own memory for one panel, or a block of it that is widened.</summary>
    private static AlignedBuffer Scratch(long length)
    {
        if (_scratch is null || _scratch.Length < length)
        {
            _scratch?.Dispose();
            _scratch = new AlignedBuffer(length);
        }

        return _scratch;
    }
}
