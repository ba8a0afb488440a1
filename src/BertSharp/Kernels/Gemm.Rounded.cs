namespace BertSharp;

/// <content>A right-hand side in fewer bytes, widened on the way.</content>
internal static unsafe partial class Gemm
{
    /// <summary>
    /// Computes the panels <paramref name="firstPanel"/> … of y = x·Wᵀ + b for a weight that is held in fewer bytes: each panel
    /// is widened into scratch of this thread. The bits are those of the widened float32 weight.
    /// </summary>
    public static void Run(Matrix x, Parameter weight, float* bias, Matrix y, in GemmEpilogue epilogue, int firstPanel, int panelCount)
    {
        AlignedBuffer scratch = Scratch(2 * Panels.Size(weight.Columns, Panels.Width));
        Matrix rows = new((nint)(scratch.Pointer + Panels.Size(weight.Columns, Panels.Width)), Panels.Width, weight.Columns, weight.Columns);
        for (int column = firstPanel * Panels.Width; panelCount > 0; column += Panels.Width, panelCount--)
        {
            int columns = Math.Min(Panels.Width, weight.Rows - column);
            Panels panel = new((nint)scratch.Pointer, weight.Columns, columns);
            for (int row = 0; row < columns; row++)
            {
                weight.CopyRow(column + row, rows.RowSpan(row));
            }

            panel.PackRows(rows.Slice(0, columns), 0);
            GemmEpilogue share = epilogue.Residual.Data == 0 ? epilogue : epilogue with { Residual = epilogue.Residual.SliceColumns(column, columns) };
            Run(x, panel, bias == null ? null : bias + column, y.SliceColumns(column, columns), share);
        }

        GC.KeepAlive(scratch);
    }
}
