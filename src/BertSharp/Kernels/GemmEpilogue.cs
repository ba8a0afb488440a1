using System.Runtime.Intrinsics.X86;

namespace BertSharp;

/// <summary>
/// What follows the chains of a product while its tile is in cache, one rounding each, in this order: activation, + residual.
/// </summary>
/// <param name="Activation">Element-wise function.</param>
/// <param name="Residual">A matrix of the output's shape to add; none where its data is null.</param>
internal readonly unsafe record struct GemmEpilogue(Activation Activation = Activation.None, Matrix Residual = default)
{
    /// <summary>Nothing follows.</summary>
    public static GemmEpilogue None => default;

    /// <summary>True where a tile needs a second pass.</summary>
    public bool IsActive => Activation != Activation.None || Residual.Data != 0;

    /// <summary>Calls what it reads and writes of a tile of <paramref name="y"/> nearer while the tile is computed.</summary>
    public void Prefetch(Matrix y, int row, int rows, int column)
    {
        if (Sse.IsSupported)
        {
            PrefetchTile(y, row, rows, column);
            if (Residual.Data != 0)
            {
                PrefetchTile(Residual, row, rows, column);
            }
        }
    }

    /// <summary>Applies it to a tile of <paramref name="y"/> whose chains are complete.</summary>
    public void Apply<L, V>(Matrix y, int row, int rows, int column, int columns)
        where L : struct, ILane<V>
        where V : struct
    {
        float* values = y.Row(row) + column;
        Elementwise.Apply<L, V>(Activation, values, y.Stride, rows, columns);
        if (Residual.Data != 0)
        {
            Arithmetic.Add<L, V>(values, y.Stride, Residual.Row(row) + column, Residual.Stride, rows, columns);
        }
    }

    private static void PrefetchTile(Matrix matrix, int row, int rows, int column)
    {
        for (int r = row; r < row + rows; r++)
        {
            float* line = matrix.Row(r) + column;
            Sse.Prefetch0(line);
            Sse.Prefetch0(line + 16);
        }
    }
}
