namespace BertSharp;

/// <summary>
/// The right-hand side of a matrix product in bfloat16, the upper halves of float32 values: panels of 32 columns, k-major, the
/// last filled with zeros, as <see cref="Panels"/>. The columns j and j + 16 of a panel are the halves of one word, so that a
/// shift and a mask widen them. A view: it does not keep its memory alive.
/// </summary>
/// <param name="Data">First value, aligned to 64 bytes.</param>
/// <param name="Depth">Length K of the chains.</param>
/// <param name="Columns">Number N of outputs.</param>
internal readonly unsafe record struct BFloat16Panels(nint Data, int Depth, int Columns)
{
    private const uint Infinity = 0x7F80;

    /// <summary>Words of 32 bits that <paramref name="columns"/> × <paramref name="depth"/> values take.</summary>
    public static long Size(int depth, int columns) => Panels.Size(depth, columns) / 2;

    /// <summary>The first value of a panel.</summary>
    public ushort* Panel(int index) => (ushort*)Data + ((long)index * Panels.Width * Depth);

    /// <summary>Rounds a row of the weight W[N, K] to bfloat16, to the nearest, ties to even.</summary>
    /// <param name="row">Column of the product.</param>
    /// <param name="values">[K].</param>
    /// <returns>The first k whose value is not finite or rounds to infinity; -1 where there is none.</returns>
    public int PackRow(int row, ReadOnlySpan<float> values)
    {
        ushort* column = Column(row);
        for (int k = 0; k < values.Length; k++)
        {
            uint rounded = Round(values[k]);
            if ((rounded & Infinity) == Infinity)
            {
                return k;
            }

            column[(long)k * Panels.Width] = (ushort)rounded;
        }

        return -1;
    }

    /// <summary>Copies one row of W out of its column, widened.</summary>
    public void UnpackRow(int row, Span<float> destination)
    {
        ushort* column = Column(row);
        for (int k = 0; k < Depth; k++)
        {
            destination[k] = BitConverter.UInt32BitsToSingle((uint)column[(long)k * Panels.Width] << 16);
        }
    }

    private ushort* Column(int row)
    {
        const int half = Panels.Width / 2;
        int column = row % Panels.Width;
        return Panel(row / Panels.Width) + (2 * (column % half)) + (column / half);
    }

    private static uint Round(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsFinite(value) ? (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16 : Infinity;
    }
}
