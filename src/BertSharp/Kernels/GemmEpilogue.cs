using System.Runtime.Intrinsics.X86;

namespace BertSharp;

/// <summary>
/// What follows the chains of a product while its tile is in cache, one rounding each, in this order: the values before the
/// activation are kept (training), activation or its slope, + residual.
/// </summary>
/// <param name="Activation">Element-wise function.</param>
/// <param name="Residual">A matrix of the output's shape to add; none where its data is null.</param>
/// <param name="Kept">Receives the values before the activation; none where its data is null.</param>
/// <param name="Slope">
/// What was <paramref name="Kept"/> when the activation ran: the product is multiplied by the activation's derivative there,
/// instead of being activated. None where its data is null.
/// </param>
/// <param name="Accumulates">Whether chains start from what the output holds, instead of from a bias.</param>
internal readonly unsafe record struct GemmEpilogue(
    Activation Activation = Activation.None,
    Matrix Residual = default,
    Matrix Kept = default,
    Matrix Slope = default,
    bool Accumulates = false)
{
    /// <summary>Nothing follows.</summary>
    public static GemmEpilogue None => default;

    /// <summary>True where a tile needs a second pass.</summary>
    public bool IsActive => Activation != Activation.None || Residual.Data != 0 || Kept.Data != 0;

    /// <summary>The same for some rows of the output.</summary>
    public GemmEpilogue Slice(int row, int rows) => this with
    {
        Residual = Sliced(Residual, row, rows),
        Kept = Sliced(Kept, row, rows),
        Slope = Sliced(Slope, row, rows),
    };

    /// <summary>Whether every matrix has the shape of <paramref name="y"/>.</summary>
    public bool Fits(Matrix y) => Fits(Residual, y) && Fits(Kept, y) && Fits(Slope, y);

    /// <summary>Calls what it reads and writes of a tile of <paramref name="y"/> nearer while the tile is computed.</summary>
    public void Prefetch(Matrix y, int row, int rows, int column)
    {
        if (Sse.IsSupported)
        {
            PrefetchTile(y, row, rows, column);
            PrefetchTile(Residual, row, rows, column);
            PrefetchTile(Slope, row, rows, column);
        }
    }

    /// <summary>Applies it to a tile of <paramref name="y"/> whose chains are complete.</summary>
    public void Apply<L, V>(Matrix y, int row, int rows, int column, int columns)
        where L : struct, ILane<V>
        where V : struct
    {
        float* values = y.Row(row) + column;
        for (int r = 0; Kept.Data != 0 && r < rows; r++)
        {
            new ReadOnlySpan<float>(y.Row(row + r) + column, columns).CopyTo(new Span<float>(Kept.Row(row + r) + column, columns));
        }

        if (Slope.Data != 0)
        {
            Elementwise.MultiplyBySlope<L, V>(Activation, values, y.Stride, Slope.Row(row) + column, Slope.Stride, rows, columns);
        }
        else
        {
            Elementwise.Apply<L, V>(Activation, values, y.Stride, rows, columns);
        }

        if (Residual.Data != 0)
        {
            Arithmetic.Add<L, V>(values, y.Stride, Residual.Row(row) + column, Residual.Stride, rows, columns);
        }
    }

    private static Matrix Sliced(Matrix matrix, int row, int rows) => matrix.Data == 0 ? matrix : matrix.Slice(row, rows);

    private static bool Fits(Matrix matrix, Matrix y) => matrix.Data == 0 || (matrix.Rows == y.Rows && matrix.Columns == y.Columns);

    private static void PrefetchTile(Matrix matrix, int row, int rows, int column)
    {
        for (int r = row; matrix.Data != 0 && r < row + rows; r++)
        {
            float* line = matrix.Row(r) + column;
            Sse.Prefetch0(line);
            Sse.Prefetch0(line + 16);
        }
    }
}
