namespace BertSharp;

/// <summary>
/// y = x·Wᵀ + b (Devlin et al. 2018 take it from Vaswani et al. 2017, section 3). W [N, K] is packed, or a table of
/// embeddings that the layer is tied to; b [N].
/// </summary>
internal sealed unsafe class Linear(Parameter weight, Parameter? bias)
{
    /// <summary>From this many rows for each member on, threads share rows; below they share panels of outputs.</summary>
    private const int RowsToShare = 192;

    /// <summary>Number N of outputs.</summary>
    public int Outputs => weight.Rows;

    /// <summary>Computes this member's share of <paramref name="y"/> [T, N] from <paramref name="x"/> [T, K].</summary>
    public void Forward(Matrix x, Matrix y, in GemmEpilogue epilogue, Team team)
    {
        float* b = bias is null ? null : bias.Pointer;
        if (!weight.IsPacked)
        {
            (int first, int count) = team.Share((weight.Rows + Panels.Width - 1) / Panels.Width);
            Gemm.Run(x, weight.Table, b, y, epilogue, first, count);
            return;
        }

        if (weight.Format != WeightFormat.Float32)
        {
            (int first, int count) = team.Share((weight.Rows + Panels.Width - 1) / Panels.Width);
            Gemm.Run(x, weight, b, y, epilogue, first, count);
            return;
        }

        if (x.Rows < team.Count * RowsToShare)
        {
            (int panel, int panels) = team.Share(weight.Panels.Count);
            Gemm.Run(x, weight.Panels, b, y, epilogue, panel, panels);
            return;
        }

        (int row, int rows) = team.Share(x.Rows);
        GemmEpilogue share = epilogue.Residual.Data == 0 ? epilogue : epilogue with { Residual = epilogue.Residual.Slice(row, rows) };
        Gemm.Run(x.Slice(row, rows), weight.Panels, b, y.Slice(row, rows), share);
    }
}
