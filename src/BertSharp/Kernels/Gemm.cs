using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace BertSharp;

/// <summary>
/// y[M, N] = epilogue(x[M, K] · B + b), B packed in <see cref="Panels"/>. Every output is one chain of fused
/// multiply-adds from the bias, k ascending, so tiles, blocks, threads and widths do not change a bit.
/// </summary>
internal static unsafe partial class Gemm
{
    /// <summary>
    /// K is walked in blocks of this length, so that a panel's block (96 KiB) stays in L2 while all rows pass over it.
    /// Partial sums are stored and reloaded as float32, which is exact.
    /// </summary>
    public const int DepthBlock = 768;

    /// <summary>Rows of one block, eleven tiles: 132 rows of 768 values are 400 KiB of a megabyte of L2.</summary>
    public const int RowBlock = 132;

    /// <summary>Computes all panels of <paramref name="y"/>.</summary>
    /// <param name="x">[M, K], read in place.</param>
    /// <param name="b">Packed right-hand side, K × N.</param>
    /// <param name="bias">N values, rounded up to whole panels; null for zero.</param>
    /// <param name="y">[M, N]; may not overlap <paramref name="x"/>.</param>
    /// <param name="epilogue">What follows on each tile.</param>
    public static void Run(Matrix x, Panels b, float* bias, Matrix y, in GemmEpilogue epilogue) =>
        Run(x, b, bias, y, epilogue, 0, b.Count);

    /// <summary>Computes the panels <paramref name="firstPanel"/> … of <paramref name="y"/>: a thread's share.</summary>
    public static void Run(Matrix x, Panels b, float* bias, Matrix y, in GemmEpilogue epilogue, int firstPanel, int panelCount)
    {
        bool residualFits = epilogue.Residual.Data == 0 || (epilogue.Residual.Rows == y.Rows && epilogue.Residual.Columns == y.Columns);
        if (x.Columns != b.Depth || y.Columns != b.Columns || y.Rows != x.Rows || !residualFits
            || firstPanel < 0 || panelCount < 0 || firstPanel + panelCount > b.Count)
        {
            throw new ArgumentException($"Shapes do not fit: x [{x.Rows}, {x.Columns}] · B [{b.Depth}, {b.Columns}] → y [{y.Rows}, {y.Columns}], panels {firstPanel} + {panelCount}.");
        }

        if (x.Rows > 0)
        {
            Simd.Run(new Kernel(x, b, bias, y, epilogue, firstPanel, panelCount));
        }
    }

    private readonly struct Kernel(Matrix x, Panels b, float* bias, Matrix y, GemmEpilogue epilogue, int firstPanel, int panelCount) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            for (int first = 0; first < x.Rows; first += RowBlock)
            {
                Block<L, V>(first, Math.Min(RowBlock, x.Rows - first));
            }
        }

        /// <summary>A block of rows: its part of x stays in L2 while the panels pass by.</summary>
        private void Block<L, V>(int first, int count)
            where L : struct, ILane<V>
            where V : struct
        {
            int tiles = (count + L.TileRows - 1) / L.TileRows;
            for (int k = 0; k == 0 || k < b.Depth; k += DepthBlock)
            {
                int depth = Math.Min(DepthBlock, b.Depth - k);
                for (int panel = firstPanel; panel < firstPanel + panelCount; panel++)
                {
                    for (int tile = 0; tile < tiles; tile++)
                    {
                        // Near-equal tiles: 16 rows are 8 + 8, not 12 + 4.
                        int row = (int)((long)count * tile / tiles), end = (int)((long)count * (tile + 1) / tiles);
                        Tile<L, V>(panel, first + row, end - row, k, depth, tile);
                    }
                }
            }
        }

        private void Tile<L, V>(int panel, int row, int rows, int k, int depth, int tile)
            where L : struct, ILane<V>
            where V : struct
        {
            int column = panel * Panels.Width;
            int columns = Math.Min(Panels.Width, b.Columns - column);
            float* destination = y.Row(row) + column;
            bool finishes = epilogue.IsActive && k + depth == b.Depth;
            if (finishes)
            {
                PrefetchOperands(row, rows, column);
            }

            if (columns == Panels.Width)
            {
                Strips<L, V>(panel, row, rows, k, depth, tile, destination, y.Stride);
            }
            else
            {
                // The last panel is wider than what is left of y: compute beside it, copy what exists.
                float* scratch = stackalloc float[12 * Panels.Width];
                CopyBlock(destination, y.Stride, scratch, Panels.Width, rows, columns);
                Strips<L, V>(panel, row, rows, k, depth, tile, scratch, Panels.Width);
                CopyBlock(scratch, Panels.Width, destination, y.Stride, rows, columns);
            }

            if (finishes)
            {
                Finish<L, V>(row, rows, column, columns);
            }
        }

        /// <summary>Calls the lines that the epilogue reads and writes nearer while the tile of y is computed.</summary>
        private void PrefetchOperands(int row, int rows, int column)
        {
            if (Sse.IsSupported)
            {
                PrefetchTile(y, row, rows, column);
                if (epilogue.Residual.Data != 0)
                {
                    PrefetchTile(epilogue.Residual, row, rows, column);
                }
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

        private void Strips<L, V>(int panel, int row, int rows, int k, int depth, int tile, float* c, int stride)
            where L : struct, ILane<V>
            where V : struct
        {
            float* zeros = stackalloc float[Panels.Width];
            float* start = c;
            int startStride = stride;
            if (k == 0)
            {
                startStride = 0;
                start = bias + (panel * Panels.Width);
                if (bias == null)
                {
                    Unsafe.InitBlock(zeros, 0, Panels.Width * sizeof(float));
                    start = zeros;
                }
            }

            float* source = b.Panel(panel) + ((long)k * Panels.Width);
            // A panel's block has two cache lines a step of k: the first two tiles of a panel call the next panel's.
            bool ahead = tile < 2 && panel + 1 < firstPanel + panelCount;
            float* next = ahead ? b.Panel(panel + 1) + ((long)k * Panels.Width) + (tile * 16L * depth) : source;
            for (int strip = 0; strip < Panels.Width; strip += 2 * L.Count)
            {
                GemmTile.Run<L, V>(rows, x.Row(row) + k, x.Stride, source + strip, depth, start + strip, startStride, c + strip, stride, next, ahead ? 16 : 0);
            }
        }

        private void Finish<L, V>(int row, int rows, int column, int columns)
            where L : struct, ILane<V>
            where V : struct
        {
            float* values = y.Row(row) + column;
            Elementwise.Apply<L, V>(epilogue.Activation, values, y.Stride, rows, columns);
            if (epilogue.Residual.Data != 0)
            {
                Arithmetic.Add<L, V>(values, y.Stride, epilogue.Residual.Row(row) + column, epilogue.Residual.Stride, rows, columns);
            }
        }

        private static void CopyBlock(float* source, int sourceStride, float* destination, int destinationStride, int rows, int columns)
        {
            for (int r = 0; r < rows; r++)
            {
                Unsafe.CopyBlockUnaligned(destination + ((long)r * destinationStride), source + ((long)r * sourceStride), (uint)columns * sizeof(float));
            }
        }
    }
}
