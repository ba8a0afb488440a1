namespace BertSharp;

/// <summary>
/// The right-hand side of a matrix product in whole numbers −127 … 127 with a scale for each column: panels of 32 columns as
/// in <see cref="Panels"/>, where four steps of k share a 32-bit word, the first in its lowest byte: the operand of
/// instructions that sum four products. A depth that is no multiple of four is filled up with zeros.
/// After the panels stand their scales and the sums of their columns, whole panels of each.
/// A view: it does not keep its memory alive.
/// </summary>
/// <param name="Data">First value, aligned to 64 bytes.</param>
/// <param name="Depth">Length K of the sums.</param>
/// <param name="Columns">Number N of outputs.</param>
internal readonly unsafe record struct Int8Panels(nint Data, int Depth, int Columns)
{
    /// <summary>Steps of k that share a word.</summary>
    public const int Group = 4;

    /// <summary>The longest sum: 128 · 127 · 100,000 is within 32 bits, with and without the offset 128 of unsigned bytes.</summary>
    public const int MaxDepth = 100_000;

    /// <summary>Number of panels.</summary>
    public int Count => (Columns + Panels.Width - 1) / Panels.Width;

    /// <summary>Words of one column.</summary>
    public int Groups => (Depth + Group - 1) / Group;

    /// <summary>The scales of the columns, zero where a column does not exist.</summary>
    public float* Scales => (float*)(Words + ((long)Count * Panels.Width * Groups));

    /// <summary>The sums of the columns' whole numbers.</summary>
    public int* Sums => (int*)(Scales + ((long)Count * Panels.Width));

    private int* Words => (int*)Data;

    /// <summary>Words of 32 bits that <paramref name="columns"/> × <paramref name="depth"/> values take.</summary>
    public static long Size(int depth, int columns) => Panels.Size((int)(((long)depth + Group - 1) / Group), columns) + (2 * Panels.Size(1, columns));

    /// <summary>The first word of a panel.</summary>
    public int* Panel(int index) => Words + ((long)index * Panels.Width * Groups);

    /// <summary>Sets a row of the weight W[N, K].</summary>
    /// <param name="row">Column of the product.</param>
    /// <param name="values">[K], −127 … 127.</param>
    /// <param name="scale">What a one is worth.</param>
    public void PackRow(int row, ReadOnlySpan<sbyte> values, float scale)
    {
        sbyte* word = Column(row);
        int sum = 0;
        for (int k = 0; k < Depth; k++)
        {
            word[((long)k / Group * Panels.Width * Group) + (k % Group)] = values[k];
            sum += values[k];
        }

        Scales[row] = scale;
        Sums[row] = sum;
    }

    /// <summary>Copies one row of W out of its column.</summary>
    public void UnpackRow(int row, Span<sbyte> values, out float scale)
    {
        sbyte* word = Column(row);
        for (int k = 0; k < Depth; k++)
        {
            values[k] = word[((long)k / Group * Panels.Width * Group) + (k % Group)];
        }

        scale = Scales[row];
    }

    private sbyte* Column(int row) => (sbyte*)(Panel(row / Panels.Width) + (row % Panels.Width));
}
