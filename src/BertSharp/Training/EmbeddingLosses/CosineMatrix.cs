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
        _arena = new Arena(
            (2 * (Arena.MatrixSize(n, d) + Arena.MatrixSize(m, d))) // unit rows and their gradients
            + Arena.MatrixSize(d, n) + Arena.MatrixSize(d, m) // unit rows, transposed
            + Arena.MatrixSize(n, m) + Arena.MatrixSize(m, n)); // cosines; their gradients, transposed
        _left = new UnitRows(left, _arena.TakeMatrix(n, d));
        _right = new UnitRows(right, _arena.TakeMatrix(m, d));
        Values = _arena.TakeMatrix(n, m);
        Multiply(_left.Values, _right.Values, Values);
    }

    /// <summary>[n, m]; the caller may replace them by their gradients.</summary>
    public Matrix Values { get; }

    /// <summary>Adds the gradients of both matrices; to be called once.</summary>
    /// <param name="dValues">[n, m].</param>
    /// <param name="dLeft">[n, D].</param>
    /// <param name="dRight">[m, D].</param>
    public void AddBackward(Matrix dValues, Matrix dLeft, Matrix dRight)
    {
        // dL = dV · R and dR = dVᵀ · L, as products with a transpose on the right.
        Matrix dUnits = _arena.TakeMatrix(dLeft.Rows, dLeft.Columns);
        Multiply(dValues, Transpose(_right.Values), dUnits);
        _left.AddBackward(dUnits, 1, dLeft);

        dUnits = _arena.TakeMatrix(dRight.Rows, dRight.Columns);
        Multiply(Transpose(dValues), Transpose(_left.Values), dUnits);
        _right.AddBackward(dUnits, 1, dRight);
    }

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();

    /// <summary>y = x · wᵀ.</summary>
    private static void Multiply(Matrix x, Matrix w, Matrix y) =>
        Gemm.Run(x, w, null, y, GemmEpilogue.None, 0, (w.Rows + Panels.Width - 1) / Panels.Width);

    private Matrix Transpose(Matrix x)
    {
        Matrix transposed = _arena.TakeMatrix(x.Columns, x.Rows);
        for (int row = 0; row < x.Rows; row++)
        {
            Span<float> values = x.RowSpan(row);
            for (int column = 0; column < values.Length; column++)
            {
                transposed.Row(column)[row] = values[column];
            }
        }

        return transposed;
    }
}
