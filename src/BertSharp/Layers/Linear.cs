namespace BertSharp;

/// <summary>
/// y = x·Wᵀ + b (Devlin et al. 2018 take it from Vaswani et al. 2017, section 3). W [N, K] is packed, or a table of
/// embeddings that the layer is tied to; b [N]. While an adapter is trained, <see cref="LowRankProduct"/> adds its part.
/// </summary>
internal sealed unsafe class Linear(Parameter weight, Parameter? bias)
{
    /// <summary>From this many rows for each member on, threads share rows; below they share panels of outputs.</summary>
    private const int RowsToShare = 192;

    /// <summary>Number N of outputs.</summary>
    public int Outputs => weight.Rows;

    /// <summary>Whether the weight is packed, and not a table that the layer is tied to.</summary>
    public bool IsPacked => weight.IsPacked;

    /// <summary>Whether the layer rounds its inputs to int8.</summary>
    public bool IsDynamic => weight.Format == WeightFormat.Int8Dynamic;

    /// <summary>Rounds the rows of <paramref name="x"/> that this member needs, into memory of its thread until the next call.</summary>
    public static QuantizedRows Quantize(Matrix x, Team team)
    {
        (int first, int count) = SharesRows(x, team) ? team.Share(x.Rows) : (0, x.Rows);
        return RowQuantizer.Run(x, first, count);
    }

    /// <summary>Computes this member's share of <paramref name="y"/> [T, N] from <paramref name="x"/> [T, K].</summary>
    public void Forward(Matrix x, Matrix y, in GemmEpilogue epilogue, Team team, Dropout? dropout = null) =>
        Forward(x, IsDynamic ? Quantize(x, team) : default, y, epilogue, team, dropout);

    /// <summary>The same where the input is rounded already, for layers that share it.</summary>
    /// <param name="x">[T, K].</param>
    /// <param name="rounded">What <see cref="Quantize"/> gave for <paramref name="x"/>; read where <see cref="IsDynamic"/>.</param>
    /// <param name="y">[T, N].</param>
    /// <param name="epilogue">What follows.</param>
    /// <param name="team">The threads that share the work.</param>
    /// <param name="dropout">What an adapter drops of its input; null in inference, and where nothing is.</param>
    public void Forward(Matrix x, QuantizedRows rounded, Matrix y, in GemmEpilogue epilogue, Team team, Dropout? dropout = null)
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
        int row = 0;
        if (SharesRows(x, team))
        {
            (row, int rows) = team.Share(x.Rows);
            (x, y) = (x.Slice(row, rows), y.Slice(row, rows));
            share = epilogue.Slice(row, rows);
        }

        if (weight.LowRank is { } adapter)
        {
            LowRankProduct.Forward(adapter, x, row, b, y, panel, count, dropout);
            share = share with { Accumulates = true };
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

    /// <summary>This member's share of columns, whole panels of 32.</summary>
    public static (int First, int Count) ShareOfColumns(int columns, Team team)
    {
        (int panel, int count) = team.Share((columns + Panels.Width - 1) / Panels.Width);
        int first = Math.Min(columns, panel * Panels.Width);
        return (first, Math.Min(columns, (panel + count) * Panels.Width) - first);
    }

    /// <summary>
    /// Adds to the gradients of W and b, and computes the gradient of <paramref name="x"/>; all of it is there when this returns.
    /// </summary>
    /// <param name="x">[T, K] what went in.</param>
    /// <param name="dY">[T, N].</param>
    /// <param name="dX">[T, K]; nothing where its data is null.</param>
    /// <param name="epilogue">What happens to <paramref name="dX"/>; none where the layer is tied to a table.</param>
    /// <param name="transposed">Room for the transpose of W, packed.</param>
    /// <param name="team">The threads that share the work.</param>
    /// <param name="dropout">What an adapter dropped of its input.</param>
    public void Backward(Matrix x, Matrix dY, Matrix dX, in GemmEpilogue epilogue, nint transposed, Team team, Dropout? dropout = null)
    {
        AddGradients(x, dY, team);
        GemmEpilogue last = epilogue;
        if (weight.LowRank is { } adapter)
        {
            LowRankProduct.Backward(adapter, x, dY, dX, epilogue.Accumulates, dropout, team);
            last = epilogue with { Accumulates = true };
        }

        if (dX.Data != 0 && !weight.IsPacked)
        {
            (int panel, int count) = team.Share((weight.Columns + Panels.Width - 1) / Panels.Width);
            Gemm.RunColumns(dY, weight.Table, dX, panel, count);
        }
        else if (dX.Data != 0)
        {
            Panels w = new(transposed, weight.Rows, weight.Columns);
            (int panel, int count) = team.Share(w.Count);
            w.PackTransposed(weight.Panels, panel, count);
            team.Meet();
            if (SharesRows(dY, team))
            {
                (int row, int rows) = team.Share(dY.Rows);
                Gemm.Run(dY.Slice(row, rows), w, null, dX.Slice(row, rows), last.Slice(row, rows));
            }
            else
            {
                Gemm.Run(dY, w, null, dX, last, panel, count);
            }
        }

        team.Meet();
        if (team.Index == 0 && x.Rows > 0 && weight.Gradient is { } written)
        {
            // Where layers share the weight, others ask for it behind a further meeting, to which this member comes after this.
            written.IsBlank = false;
        }
    }

    /// <summary>dW += dYᵀ·x and db += Σ dY: each member has panels of its own, over all rows ascending.</summary>
    private void AddGradients(Matrix x, Matrix dY, Team team)
    {
        if (weight.Gradient is { IsPacked: true } dWeight)
        {
            (int panel, int count) = team.Share(dWeight.Panels.Count);
            GradientGemm.Run(x, dY, GradientTarget.Of(dWeight.Panels), panel, count, dWeight.IsBlank);
        }
        else if (weight.Gradient is { } dTable)
        {
            (int panel, int count) = team.Share((dTable.Columns + Panels.Width - 1) / Panels.Width);
            GradientGemm.Run(dY, x, GradientTarget.Of(dTable.Table), panel, count);
        }

        if (bias?.Gradient is { } dBias)
        {
            (int first, int columns) = ShareOfColumns(dY.Columns, team);
            ColumnSums.Add(dY.SliceColumns(first, columns), dBias.Mutable.Slice(first, columns));
        }
    }

    private static bool SharesRows(Matrix x, Team team) => x.Rows >= team.Count * RowsToShare;
}
