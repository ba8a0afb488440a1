namespace BertSharp;

/// <summary>
/// The part of an adapted layer beside its weight: y = b + s·(mask∘x)·Aᵀ·Bᵀ (Hu et al. 2021, equation 3; b is the layer's
/// bias). Roundings: one chain over the inputs for x·Aᵀ, one for · s, then a chain over r from the bias, which the product with
/// W goes on with; so a B of zeros changes no bit.
/// </summary>
internal static unsafe class LowRankProduct
{
    /// <summary>Rows that are dropped out at a time.</summary>
    private const int BlockRows = 256;

    [ThreadStatic]
    private static Arena? _arena;

    /// <summary>Replaces some panels of <paramref name="y"/>, whose chains x·Wᵀ continues; needs no other thread.</summary>
    /// <param name="adapter">The factors.</param>
    /// <param name="x">Rows of what goes into the layer.</param>
    /// <param name="firstRow">The first one's number among all rows.</param>
    /// <param name="bias">The layer's; may be null.</param>
    /// <param name="y">The same rows of what comes out.</param>
    /// <param name="panel">First 32 outputs.</param>
    /// <param name="panels">How many panels.</param>
    /// <param name="dropout">What is dropped; null in inference.</param>
    public static void Forward(LowRank adapter, Matrix x, int firstRow, float* bias, Matrix y, int panel, int panels, Dropout? dropout)
    {
        for (int row = 0; row < x.Rows; row += BlockRows)
        {
            int rows = Math.Min(BlockRows, x.Rows - row);
            Arena arena = Scratch(rows, adapter.Rank, x.Columns);
            Matrix inner = arena.TakeMatrix(rows, adapter.Rank);
            Inner(adapter, Kept(adapter, x.Slice(row, rows), firstRow + row, 0, x.Columns, dropout, arena), inner);
            Gemm.Run(inner, adapter.B.Table, bias, y.Slice(row, rows), GemmEpilogue.None, panel, panels);
        }
    }

    /// <summary>
    /// Adds to the gradients of A and B and puts mask∘(dInner·A) into <paramref name="dX"/>, whose chains dY·W continues; all of
    /// dX is there when this returns.
    /// </summary>
    /// <param name="adapter">The factors.</param>
    /// <param name="x">[T, K] what went into the layer.</param>
    /// <param name="dY">[T, N].</param>
    /// <param name="dX">[T, K]; nothing where its data is null.</param>
    /// <param name="accumulates">Whether dX has a gradient already.</param>
    /// <param name="dropout">What was dropped.</param>
    /// <param name="team">The threads that share the work.</param>
    public static void Backward(LowRank adapter, Matrix x, Matrix dY, Matrix dX, bool accumulates, Dropout? dropout, Team team)
    {
        // Each member's own rows, then its own columns over all rows.
        (int first, int count) = team.Share(x.Rows);
        for (int row = first; row < first + count; row += BlockRows)
        {
            RowsBackward(adapter, x, dY, dX, row, Math.Min(BlockRows, first + count - row), accumulates, dropout);
        }

        team.Meet();
        AddToB(adapter, dY, team);
        AddToA(adapter, x, dropout, team);
    }

    private static void RowsBackward(LowRank adapter, Matrix x, Matrix dY, Matrix dX, int row, int rows, bool accumulates, Dropout? dropout)
    {
        Arena arena = Scratch(rows, 0, x.Columns);
        Inner(adapter, Kept(adapter, x.Slice(row, rows), row, 0, x.Columns, dropout, arena), Rows(adapter.Inner, adapter, row, rows));
        Matrix dInner = Rows(adapter.DInner, adapter, row, rows);
        Gemm.RunColumns(dY.Slice(row, rows), adapter.B.Table, dInner, 0, PanelsOf(adapter.Rank));
        Scale(dInner, adapter.Scale);
        if (dX.Data == 0)
        {
            return;
        }

        arena = Scratch(rows, x.Columns, x.Columns);
        Matrix gradient = arena.TakeMatrix(rows, x.Columns);
        Gemm.RunColumns(dInner, adapter.A.Table, gradient, 0, PanelsOf(x.Columns));
        gradient = Kept(adapter, gradient, row, 0, x.Columns, dropout, arena);
        for (int i = 0; i < rows; i++)
        {
            if (accumulates)
            {
                Arithmetic.Add(dX.RowSpan(row + i), gradient.RowSpan(i));
            }
            else
            {
                gradient.RowSpan(i).CopyTo(dX.RowSpan(row + i));
            }
        }
    }

    /// <summary>dB += dYᵀ·inner: one chain over all rows for each value.</summary>
    private static void AddToB(LowRank adapter, Matrix dY, Team team)
    {
        (int first, int columns) = Linear.ShareOfColumns(dY.Columns, team);
        if (adapter.B.Gradient is { } dB && columns > 0)
        {
            Matrix inner = Rows(adapter.Inner, adapter, 0, dY.Rows);
            GradientGemm.Run(dY.SliceColumns(first, columns), inner, GradientTarget.Of(dB.Table.Slice(first, columns)), 0, PanelsOf(adapter.Rank));
        }
    }

    /// <summary>dA += dInnerᵀ·(mask∘x), likewise.</summary>
    private static void AddToA(LowRank adapter, Matrix x, Dropout? dropout, Team team)
    {
        (int first, int columns) = Linear.ShareOfColumns(x.Columns, team);
        for (int row = 0; row < x.Rows && columns > 0 && adapter.A.Gradient is { } dA; row += BlockRows)
        {
            int rows = Math.Min(BlockRows, x.Rows - row);
            Matrix kept = Kept(adapter, x.Slice(row, rows), row, first, columns, dropout, Scratch(rows, 0, columns));
            GradientGemm.Run(Rows(adapter.DInner, adapter, row, rows), kept, GradientTarget.Of(dA.Table.SliceColumns(first, columns)), 0, PanelsOf(columns));
        }
    }

    /// <summary>inner ← s·x·Aᵀ.</summary>
    private static void Inner(LowRank adapter, Matrix x, Matrix inner)
    {
        Gemm.Run(x, adapter.A.Table, null, inner, GemmEpilogue.None, 0, PanelsOf(adapter.Rank));
        Scale(inner, adapter.Scale);
    }

    /// <summary>Some columns of mask∘x; of x itself where nothing is dropped.</summary>
    private static Matrix Kept(LowRank adapter, Matrix x, int firstRow, int firstColumn, int columns, Dropout? dropout, Arena arena)
    {
        Matrix source = x.SliceColumns(firstColumn, columns);
        if (dropout is not { Probabilities.Adapter: > 0 })
        {
            return source;
        }

        Matrix kept = arena.TakeMatrix(x.Rows, columns);
        for (int row = 0; row < x.Rows; row++)
        {
            Span<float> values = kept.RowSpan(row);
            DropoutMask.Fill(dropout.Key(DropoutSite.Adapter, adapter.Number, firstRow + row), dropout.Probabilities.Adapter, values, firstColumn);
            Arithmetic.Multiply(source.RowSpan(row), values, values);
        }

        return kept;
    }

    private static void Scale(Matrix x, float factor)
    {
        for (int row = 0; row < x.Rows; row++)
        {
            Arithmetic.Scale(x.RowSpan(row), factor);
        }
    }

    private static Matrix Rows(Matrix room, LowRank adapter, int row, int rows) => room.Slice(row, rows).SliceColumns(0, adapter.Rank);

    private static int PanelsOf(int columns) => (columns + Panels.Width - 1) / Panels.Width;

    /// <summary>This thread's own memory for two matrices.</summary>
    private static Arena Scratch(int rows, int columns, int otherColumns)
    {
        _arena ??= new Arena(0);
        _arena.Reset(Arena.MatrixSize(rows, columns) + Arena.MatrixSize(rows, otherColumns));
        return _arena;
    }
}
