using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>
/// C[M, N] += Aᵀ·B for A [T, M] and B [T, N]: the gradient of a weight from what went in and the gradient of what came out.
/// Every value of C is one chain of fused multiply-adds over the rows t ascending, continued from what stands there, so that
/// threads, widths and any split of the rows into several calls give the same bits. A and B are read where they lie.
/// </summary>
internal static unsafe class GradientGemm
{
    /// <summary>Columns of A of one block: with <see cref="DepthBlock"/> rows they are half of a megabyte of L2.</summary>
    private const int ColumnBlock = 132;

    /// <summary>Rows after which C is written and read again: many, since its values come from memory.</summary>
    private const int DepthBlock = 1024;

    /// <summary>A row of a panel where nothing was added yet; it lives as long as the process.</summary>
    private static readonly nint Zeros = (nint)System.Runtime.InteropServices.NativeMemory.AllocZeroed(Panels.Width, sizeof(float));

    /// <summary>Adds to some panels of 32 columns: a thread's share.</summary>
    /// <param name="a">[T, M].</param>
    /// <param name="b">[T, N].</param>
    /// <param name="c">[M, N], memory of its own.</param>
    /// <param name="firstPanel">First panel of B and C.</param>
    /// <param name="panelCount">How many.</param>
    /// <param name="isBlank">Whether zeros are to be thought where C is, whatever stands there; nothing is written where T is 0.</param>
    public static void Run(Matrix a, Matrix b, GradientTarget c, int firstPanel, int panelCount, bool isBlank = false)
    {
        if (a.Rows != b.Rows || firstPanel < 0 || panelCount < 0 || (firstPanel + panelCount - 1L) * Panels.Width >= b.Columns)
        {
            throw new ArgumentException($"Shapes do not fit: Aᵀ·B with A [{a.Rows}, {a.Columns}], B [{b.Rows}, {b.Columns}], panels {firstPanel} + {panelCount}.");
        }

        if (a.Rows > 0)
        {
            Simd.Run(new Kernel(a, b, c, firstPanel, panelCount, isBlank));
        }
    }

    private readonly struct Kernel(Matrix a, Matrix b, GradientTarget c, int firstPanel, int panelCount, bool isBlank) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            for (int t = 0; t < a.Rows; t += DepthBlock)
            {
                int depth = Math.Min(DepthBlock, a.Rows - t);
                for (int first = 0; first < a.Columns; first += ColumnBlock)
                {
                    for (int panel = firstPanel; panel < firstPanel + panelCount; panel++)
                    {
                        Block<L, V>(panel, first, Math.Min(ColumnBlock, a.Columns - first), t, depth);
                    }
                }
            }
        }

        /// <summary>Some rows of one panel of C: all tiles pass over one block of B.</summary>
        private void Block<L, V>(int panel, int first, int count, int t, int depth)
            where L : struct, ILane<V>
            where V : struct
        {
            int columns = Math.Min(Panels.Width, b.Columns - (panel * Panels.Width));
            if (columns < Panels.Width)
            {
                LastPanel<L, V>(panel, columns, first, count, t, depth);
                return;
            }

            float* source = b.Row(t) + (panel * Panels.Width);
            int tiles = (count + L.TileRows - 1) / L.TileRows;
            for (int tile = 0; tile < tiles; tile++)
            {
                int row = first + (int)((long)count * tile / tiles), rows = first + (int)((long)count * (tile + 1) / tiles) - row;

                // The first two tiles call the next panel's block nearer, which stands right beside this one.
                float* next = tile < 2 && panel + 1 < firstPanel + panelCount ? source + Panels.Width + (tile * Panels.Width / 2) : source;
                Tile<L, V>(row, rows, t, source, b.Stride, depth, c.Panel(panel, row), c.Stride, next, b.Stride * sizeof(float));
            }
        }

        /// <summary>B has no whole panel here: what there is is copied beside zeros, and only what exists goes back.</summary>
        private void LastPanel<L, V>(int panel, int columns, int first, int count, int t, int depth)
            where L : struct, ILane<V>
            where V : struct
        {
            const int steps = 96;
            float* source = stackalloc float[steps * Panels.Width], corner = stackalloc float[12 * Panels.Width];
            Unsafe.InitBlock(source, 0, steps * Panels.Width * sizeof(float));
            Unsafe.InitBlock(corner, 0, 12 * Panels.Width * sizeof(float));
            for (int step = 0; step < depth; step += steps)
            {
                int part = Math.Min(steps, depth - step);
                Copy(b.Row(t + step) + (panel * Panels.Width), b.Stride, source, Panels.Width, part, columns);
                for (int row = first; row < first + count; row += L.TileRows)
                {
                    int rows = Math.Min(L.TileRows, first + count - row);
                    float* target = c.Panel(panel, row);
                    if (isBlank && t + step == 0)
                    {
                        Unsafe.InitBlock(corner, 0, 12 * Panels.Width * sizeof(float));
                    }
                    else
                    {
                        Copy(target, c.Stride, corner, Panels.Width, rows, columns);
                    }

                    Tile<L, V>(row, rows, t + step, source, Panels.Width, part, corner, Panels.Width, source, 0);
                    Copy(corner, Panels.Width, target, c.Stride, rows, columns);
                }
            }
        }

        private void Tile<L, V>(int row, int rows, int t, float* source, nint stride, int depth, float* target, nint targetStride, float* next, nint nextStep)
            where L : struct, ILane<V>
            where V : struct
        {
            bool begins = isBlank && t == 0;
            float* start = begins ? (float*)Zeros : target;
            nint startStride = begins ? 0 : targetStride;

            for (int strip = 0; strip < GemmTile.Half; strip += L.Count)
            {
                GemmTile.Run<L, V, float, ColumnsOfInput>(
                    rows, a.Row(t) + row, a.Stride, source + strip, stride, depth, start + strip, startStride, target + strip, targetStride, (byte*)next, nextStep);
            }
        }

        private static void Copy(float* source, int sourceStride, float* destination, int destinationStride, int rows, int columns)
        {
            for (int r = 0; r < rows; r++)
            {
                Unsafe.CopyBlockUnaligned(destination + ((long)r * destinationStride), source + ((long)r * sourceStride), (uint)columns * sizeof(float));
            }
        }
    }
}
