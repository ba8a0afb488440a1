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

    /// <summary>Whether the layer rounds its inputs to int8.</summary>
    public bool IsDynamic => weight.Format == WeightFormat.Int8Dynamic;

    /// <summary>Rounds the rows of <paramref name="x"/> that this member needs, into memory of its thread until the next call.</summary>
    public static QuantizedRows Quantize(Matrix x, Team team)
    {
        (int first, int count) = SharesRows(x, team) ? team.Share(x.Rows) : (0, x.Rows);
        return RowQuantizer.Run(x, first, count);
    }

    /// <summary>Computes this member's share of <paramref name="y"/> [T, N] from <paramref name="x"/> [T, K].</summary>
    public void Forward(Matrix x, Matrix y, in GemmEpilogue epilogue, Team team) =>
        Forward(x, IsDynamic ? Quantize(x, team) : default, y, epilogue, team);

    /// <summary>The same where the input is rounded already, for layers that share it.</summary>
    /// <param name="x">[T, K].</param>
    /// <param name="rounded">What <see cref="Quantize"/> gave for <paramref name="x"/>; read where <see cref="IsDynamic"/>.</param>
    /// <param name="y">[T, N].</param>
    /// <param name="epilogue">What follows.</param>
    /// <param name="team">The threads that share the work.</param>
    public void Forward(Matrix x, QuantizedRows rounded, Matrix y, in GemmEpilogue epilogue, Team team)
    {
        float* b = bias is null ? null : bias.Pointer;
        int panels = (weight.Rows + Panels.Width - 1) / Panels.Width;
        (int panel, int count) = weight.IsPacked && SharesRows(x, team) ? (0, panels) : team.Share(panels);
        if (!weight.IsPacked)
        {
            Gemm.Run(x, weight.Table, b, y, epilogue, panel, count);
            return;
        }

        GemmEpilogue share = epilogue;
        if (SharesRows(x, team))
        {
            (int row, int rows) = team.Share(x.Rows);
            (x, y) = (x.Slice(row, rows), y.Slice(row, rows));
            share = epilogue.Residual.Data == 0 ? epilogue : epilogue with { Residual = epilogue.Residual.Slice(row, rows) };
        }

        switch (weight.Format)
        {
            case WeightFormat.BFloat16:
                Gemm.Run<BFloat16Blocks, ushort>(x, new BFloat16Blocks(weight.BFloat16Panels), b, y, share, panel, count);
                break;
            case WeightFormat.Int8:
                Gemm.Run(x, weight.Int8Panels, b, y, share, panel, count);
                break;
            case WeightFormat.Int8Dynamic:
                Int8Gemm.Run(rounded, weight.Int8Panels, b, y, share, panel, count);
                break;
            default:
                Gemm.Run(x, weight.Panels, b, y, share, panel, count);
                break;
        }
    }

    private static bool SharesRows(Matrix x, Team team) => x.Rows >= team.Count * RowsToShare;
}
