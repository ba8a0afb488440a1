using System.Runtime.Intrinsics.X86;

namespace BertSharp;

/// <summary>
/// What follows the chains of a product while its tile is in cache, one rounding each, in this order:
/// scaling, activation, + residual.
/// </summary>
/// <param name="Scale">Factor of every value; 1 is skipped.</param>
/// <param name="Activation">Element-wise function.</param>
/// <param name="Residual">A matrix of the output's shape to add; none where its data is null.</param>
internal readonly unsafe record struct GemmEpilogue(float Scale = 1f, Activation Activation = Activation.None, Matrix Residual = default)
{
    /// <summary>Nothing follows.</summary>
    public static GemmEpilogue None => new(1f);

    /// <summary>True where a tile needs a second pass.</summary>
    public bool IsActive => Scale != 1f || Activation != Activation.None || Residual.Data != 0;

    /// <summary>Calls the tile of the residual into L1 while the tile of y is computed.</summary>
    public void Prefetch(int row, int rows, int column)
    {
        if (Sse.IsSupported && Residual.Data != 0)
        {
            for (int r = row; r < row + rows; r++)
            {
                float* line = Residual.Row(r) + column;
                Sse.Prefetch0(line);
                Sse.Prefetch0(line + 16);
            }
        }
    }

    /// <summary>Applies it to a tile of <paramref name="y"/> whose chains are complete.</summary>
    public void Apply<L, V>(Matrix y, int row, int rows, int column, int columns)
        where L : struct, ILane<V>
        where V : struct
    {
        float* values = y.Row(row) + column;
        if (Scale != 1f)
        {
            Arithmetic.Scale<L, V>(values, y.Stride, rows, columns, Scale);
        }

        Elementwise.Apply<L, V>(Activation, values, y.Stride, rows, columns);
        if (Residual.Data != 0)
        {
            Arithmetic.Add<L, V>(values, y.Stride, Residual.Row(row) + column, Residual.Stride, rows, columns);
        }
    }
}
