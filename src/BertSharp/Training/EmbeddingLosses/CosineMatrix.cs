namespace BertSharp;

/// <summary>The cosines of every row of one matrix with every row of another: two normalisations and a product.</summary>
internal sealed unsafe class CosineMatrix : IDisposable
{
    private readonly Arena _arena;
    private readonly UnitRows _left;
    private readonly UnitRows _right;

    /// <summary>Computes them.</summary>
    /// <param name="left">[n, D].</param>
    /// <param name="right">[m, D].</param>
    public CosineMatrix(Matrix left, Matrix right)
    {
        int n = left.Rows, m = right.Rows, d = left.Columns;
        _arena = new Arena((2 * (Arena.MatrixSize(n, d) + Arena.MatrixSize(m, d))) + Arena.MatrixSize(n, m));
        _left = new UnitRows(left, _arena.TakeMatrix(n, d));
        _right = new UnitRows(right, _arena.TakeMatrix(m, d));
        Values = _arena.TakeMatrix(n, m);
        Gemm.Run(_left.Values, _right.Values, null, Values, GemmEpilogue.None, 0, PanelsOf(m));
    }

    /// <summary>[n, m]; the caller may replace them by their gradients.</summary>
    public Matrix Values { get; }

    /// <summary>Adds the gradients of both matrices; to be called once.</summary>
    /// <param name="dValues">[n, m].</param>
    /// <param name="dLeft">[n, D].</param>
    /// <param name="dRight">[m, D].</param>
    public void AddBackward(Matrix dValues, Matrix dLeft, Matrix dRight)
    {
        // dL = dV · R
        Matrix dUnits = _arena.TakeMatrix(dLeft.Rows, dLeft.Columns);
        Gemm.RunColumns(dValues, _right.Values, dUnits, 0, PanelsOf(dLeft.Columns));
        _left.AddBackward(dUnits, 1, dLeft);

        // dR = dVᵀ · L
        dUnits = _arena.TakeMatrix(dRight.Rows, dRight.Columns);
        for (int row = 0; row < dUnits.Rows; row++)
        {
            dUnits.RowSpan(row).Clear();
        }

        GradientGemm.Run(dValues, _left.Values, GradientTarget.Of(dUnits), 0, PanelsOf(dRight.Columns));
        _right.AddBackward(dUnits, 1, dRight);
    }

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();

    private static int PanelsOf(int columns) => (columns + Panels.Width - 1) / Panels.Width;
}
