using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace BertSharp;

/// <summary>
/// The right-hand side of a matrix product, packed: panels of 32 columns, k-major, so that a tile reads it front to back.
/// Value (k, n) stands at <c>Data[(n / 32) · 32 · Depth + 32 · k + n mod 32]</c>; the last panel is filled with zeros.
/// A view: it does not keep its memory alive.
/// </summary>
/// <param name="Data">First value, aligned to 64 bytes.</param>
/// <param name="Depth">Length K of the chains.</param>
/// <param name="Columns">Number N of outputs.</param>
internal readonly unsafe record struct Panels(nint Data, int Depth, int Columns)
{
    /// <summary>Columns of one panel.</summary>
    public const int Width = 32;

    /// <summary>Number of panels.</summary>
    public int Count => (Columns + Width - 1) / Width;

    /// <summary>Floats that <paramref name="columns"/> × <paramref name="depth"/> values take when packed.</summary>
    public static long Size(int depth, int columns) => checked((columns + Width - 1) / Width * (long)Width * depth);

    /// <summary>The first value of a panel.</summary>
    public float* Panel(int index) => (float*)Data + ((long)index * Width * Depth);

    /// <summary>
    /// Packs rows of a weight matrix W[N, K], which become columns <paramref name="firstColumn"/> … of the product x·Wᵀ.
    /// </summary>
    public void PackRows(Matrix rows, int firstColumn)
    {
        Check(rows.Columns == Depth, firstColumn, rows.Rows);
        for (int first = 0; first < rows.Rows;)
        {
            // Rows that share a panel are transposed together, 16 values of each at a time, to write whole cache lines.
            int column = firstColumn + first;
            int count = Math.Min(rows.Rows - first, Width - (column % Width));
            PackRowsOfPanel(rows.Slice(first, count), Panel(column / Width) + (column % Width));
            first += count;
        }

        ZeroTail(firstColumn + rows.Rows);
    }

    /// <summary>Packs a matrix B[K, N] as it stands, for the product x·B.</summary>
    public void PackColumns(Matrix source)
    {
        Check(source.Rows == Depth && source.Columns == Columns, 0, source.Columns);
        for (int panel = 0; panel < Count; panel++)
        {
            int first = panel * Width;
            uint bytes = (uint)Math.Min(Width, Columns - first) * sizeof(float);
            float* destination = Panel(panel);
            for (int k = 0; k < Depth; k++, destination += Width)
            {
                Unsafe.CopyBlockUnaligned(destination, source.Row(k) + first, bytes);
            }
        }

        ZeroTail(Columns);
    }

    /// <summary>
    /// Packs some panels of the transpose of a packed matrix: these panels have its columns as depth and its depth as columns.
    /// Squares of 32 × 32 lie end to end in both.
    /// </summary>
    /// <param name="source">What is transposed.</param>
    /// <param name="firstPanel">First panel of the result: a thread's share.</param>
    /// <param name="panelCount">How many.</param>
    public void PackTransposed(Panels source, int firstPanel, int panelCount)
    {
        Check(source.Columns == Depth && source.Depth == Columns, firstPanel * Width, Math.Min(panelCount * Width, Columns - (firstPanel * Width)));
        for (int panel = firstPanel; panel < firstPanel + panelCount; panel++)
        {
            for (int square = 0; square < source.Count; square++)
            {
                TransposeSquare(
                    source.Panel(square) + ((long)panel * Width * Width),
                    Math.Min(Width, Columns - (panel * Width)),
                    Panel(panel) + ((long)square * Width * Width),
                    Math.Min(Width, Depth - (square * Width)));
            }
        }
    }

    /// <summary>Copies one row of W out of its column, exactly.</summary>
    public void UnpackRow(int row, Span<float> destination)
    {
        Check(destination.Length >= Depth, row, 1);
        float* source = Panel(row / Width) + (row % Width);
        for (int k = 0; k < Depth; k++)
        {
            destination[k] = source[(long)k * Width];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackRowsOfPanel(Matrix rows, float* panel)
    {
        const int block = 16;
        for (int k = 0; k < rows.Columns; k += block)
        {
            int end = Math.Min(rows.Columns, k + block), r = 0;
            for (; end == k + block && r <= rows.Rows - 4; r += 4)
            {
                for (int i = k; i < end; i += 4)
                {
                    Transpose(rows.Row(r) + i, rows.Stride, panel + ((long)i * Width) + r);
                }
            }

            for (; r < rows.Rows; r++)
            {
                float* source = rows.Row(r);
                for (int i = k; i < end; i++)
                {
                    panel[((long)i * Width) + r] = source[i];
                }
            }
        }
    }

    /// <summary>Writes rows of a square as columns of another; columns that do not exist are filled with zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeSquare(float* source, int sourceRows, float* destination, int destinationRows)
    {
        if (sourceRows == Width && destinationRows == Width)
        {
            for (int i = 0; i < Width; i += 4)
            {
                for (int j = 0; j < Width; j += 4)
                {
                    Transpose(source + (i * Width) + j, Width, destination + (j * Width) + i);
                }
            }

            return;
        }

        for (int j = 0; j < destinationRows; j++)
        {
            for (int i = 0; i < Width; i++)
            {
                destination[(j * Width) + i] = i < sourceRows ? source[(i * Width) + j] : 0f;
            }
        }
    }

    /// <summary>Writes four values of four rows as four values of four columns of a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(float* source, nint stride, float* panel)
    {
        Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + stride);
        Vector128<float> c = Vector128.Load(source + (2 * stride)), d = Vector128.Load(source + (3 * stride));
        Vector128<float> acLow = Low(a, c), acHigh = High(a, c), bdLow = Low(b, d), bdHigh = High(b, d);
        Low(acLow, bdLow).Store(panel);
        High(acLow, bdLow).Store(panel + Width);
        Low(acHigh, bdHigh).Store(panel + (2 * Width));
        High(acHigh, bdHigh).Store(panel + (3 * Width));
    }

    /// <summary>a₀ b₀ a₁ b₁.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>a₂ b₂ a₃ b₃.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);

    /// <summary>Zeroes the columns of the last panel that do not exist, once its last real column is written.</summary>
    private void ZeroTail(int end)
    {
        int used = Columns % Width;
        if (end != Columns || used == 0)
        {
            return;
        }

        float* panel = Panel(Count - 1);
        for (int k = 0; k < Depth; k++)
        {
            new Span<float>(panel + ((long)k * Width) + used, Width - used).Clear();
        }
    }

    private void Check(bool depthFits, int firstColumn, int count)
    {
        if (!depthFits || firstColumn < 0 || count < 0 || firstColumn + (long)count > Columns)
        {
            throw new ArgumentException($"Columns {firstColumn} … {firstColumn + (long)count - 1} do not fit panels of {Columns} columns and depth {Depth}.");
        }
    }
}
