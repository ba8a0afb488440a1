namespace BertSharp;

/// <summary>
/// The right-hand side of a matrix product in bfloat16, the upper halves of float32 values: panels of 32 columns as in
/// <see cref="Panels"/>, where two steps of k share a 32-bit word: k even in its lower half, k + 1 in its upper half.
/// An odd depth is filled up with zeros. A view: it does not keep its memory alive.
/// </summary>
/// <param name="Data">First value, aligned to 64 bytes.</param>
/// <param name="Depth">Length K of the chains.</param>
/// <param name="Columns">Number N of outputs.</param>
internal readonly unsafe record struct BFloat16Panels(nint Data, int Depth, int Columns)
{
    /// <summary>Steps of k that share a word.</summary>
    public const int Group = 2;

    /// <summary>Number of panels.</summary>
    public int Count => (Columns + Panels.Width - 1) / Panels.Width;

    private int Groups => (Depth + Group - 1) / Group;

    /// <summary>Words of 32 bits that <paramref name="columns"/> × <paramref name="depth"/> values take.</summary>
    public static long Size(int depth, int columns) => Panels.Size((int)(((long)depth + Group - 1) / Group), columns);

    /// <summary>The first word of a panel.</summary>
    public uint* Panel(int index) => (uint*)Data + ((long)index * Panels.Width * Groups);

    /// <summary>Rounds a row of the weight W[N, K] to bfloat16, to the nearest, ties to even.</summary>
    /// <param name="row">Column of the product.</param>
    /// <param name="values">[K], finite.</param>
    /// <returns>The first k whose value is not finite or rounds to infinity; -1 where there is none.</returns>
    public int PackRow(int row, ReadOnlySpan<float> values)
    {
        ushort* word = (ushort*)(Panel(row / Panels.Width) + (row % Panels.Width));
        for (int k = 0; k < Groups * Group; k++)
        {
            uint rounded = k < values.Length ? Round(values[k]) : 0;
            if ((rounded & 0x7F80) == 0x7F80)
            {
                return k;
            }

            word[((long)k / Group * Panels.Width * Group) + (k % Group)] = (ushort)rounded;
        }

        return -1;
    }

    /// <summary>Copies one row of W out of its column, widened.</summary>
    public void UnpackRow(int row, Span<float> destination)
    {
        ushort* word = (ushort*)(Panel(row / Panels.Width) + (row % Panels.Width));
        for (int k = 0; k < Depth; k++)
        {
            destination[k] = BitConverter.UInt32BitsToSingle((uint)word[((long)k / Group * Panels.Width * Group) + (k % Group)] << 16);
        }
    }

    private static uint Round(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsFinite(value) ? (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16 : 0x7F80;
    }
}
