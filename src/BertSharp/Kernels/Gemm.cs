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

    private const int CacheLine = 64;

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
        Run<Float32Blocks, float>(x, new Float32Blocks(b), bias, y, epilogue, firstPanel, panelCount);
    }

    /// <summary>The same for weights in int8, whose panels are widened block by block into scratch of this thread.</summary>
    public static void Run(Matrix x, Int8Panels b, float* bias, Matrix y, in GemmEpilogue epilogue, int firstPanel, int panelCount)
    {
        AlignedBuffer scratch = Scratch(Int8Blocks.BlockDepth * Panels.Width);
        Run<Int8Blocks, float>(x, new Int8Blocks(b, scratch.Pointer), bias, y, epilogue, firstPanel, panelCount);
        GC.KeepAlive(scratch);
    }

    /// <summary>The same for weights in any format: the bits are those of the widened float32 weights.</summary>
    public static void Run<B, W>(Matrix x, B b, float* bias, Matrix y, in GemmEpilogue epilogue, int firstPanel, int panelCount)
        where B : struct, IWeightBlocks<W>
        where W : unmanaged
    {
        if (x.Columns != b.Depth || y.Columns != b.Columns || y.Rows != x.Rows || !epilogue.Fits(y)
            || firstPanel < 0 || panelCount < 0 || firstPanel + panelCount > (b.Columns + Panels.Width - 1) / Panels.Width)
        {
            throw new ArgumentException($"Shapes do not fit: x [{x.Rows}, {x.Columns}] · B [{b.Depth}, {b.Columns}] → y [{y.Rows}, {y.Columns}], panels {firstPanel} + {panelCount}.");
        }

        if (x.Rows > 0)
        {
            Simd.Run(new Kernel<B, W>(x, b, bias, y, epilogue, firstPanel, panelCount));
        }
    }

    private readonly struct Kernel<B, W>(Matrix x, B b, float* bias, Matrix y, GemmEpilogue epilogue, int firstPanel, int panelCount) : IKernel
        where B : struct, IWeightBlocks<W>
        where W : unmanaged
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
            for (int k = 0; k == 0 || k < b.Depth; k += DepthBlock)
            {
                int end = Math.Min(DepthBlock, b.Depth - k) + k;
                for (int panel = firstPanel; panel < firstPanel + panelCount; panel++)
                {
                    for (int step = k; step == k || step < end; step += B.BlockDepth)
                    {
                        PanelBlock<L, V>(panel, first, count, step, Math.Min(B.BlockDepth, end - step));
                    }
                }
            }
        }

        /// <summary>A block of a panel: all tiles of rows pass over it.</summary>
        private void PanelBlock<L, V>(int panel, int first, int count, int k, int depth)
            where L : struct, ILane<V>
            where V : struct
        {
            W* source = b.Load<L, V>(panel, k, depth);
            int tiles = (count + L.TileRows - 1) / L.TileRows;
            for (int tile = 0; tile < tiles; tile++)
            {
                // Near-equal tiles: 16 rows are 8 + 8, not 12 + 4.
                int row = (int)((long)count * tile / tiles), end = (int)((long)count * (tile + 1) / tiles);
                Tile<L, V>(panel, first + row, end - row, k, depth, tile, source);
            }
        }

        private void Tile<L, V>(int panel, int row, int rows, int k, int depth, int tile, W* source)
            where L : struct, ILane<V>
            where V : struct
        {
            int column = panel * Panels.Width;
            int columns = Math.Min(Panels.Width, b.Columns - column);
            float* destination = y.Row(row) + column;
            bool finishes = epilogue.IsActive && k + depth == b.Depth;
            if (finishes)
            {
                epilogue.Prefetch(y, row, rows, column);
            }

            if (columns == Panels.Width)
            {
                Strips<L, V>(panel, row, rows, k, depth, tile, source, destination, y.Stride);
            }
            else
            {
                // The last panel is wider than what is left of y: compute beside it, copy what exists.
                float* corner = stackalloc float[12 * Panels.Width];
                CopyBlock(destination, y.Stride, corner, Panels.Width, rows, columns);
                Strips<L, V>(panel, row, rows, k, depth, tile, source, corner, Panels.Width);
                CopyBlock(corner, Panels.Width, destination, y.Stride, rows, columns);
            }

            if (finishes)
            {
                epilogue.Apply<L, V>(y, row, rows, column, columns);
            }
        }

        private void Strips<L, V>(int panel, int row, int rows, int k, int depth, int tile, W* source, float* c, int stride)
            where L : struct, ILane<V>
            where V : struct
        {
            float* zeros = stackalloc float[Panels.Width];
            float* start = c;
            int startStride = stride;
            if (k == 0 && !epilogue.Accumulates)
            {
                startStride = 0;
                start = bias + (panel * Panels.Width);
                if (bias == null)
                {
                    Unsafe.InitBlock(zeros, 0, Panels.Width * sizeof(float));
                    start = zeros;
                }
            }

            // The first tiles call the next block to L2 while they work: a cache line a step of k, or a part of one.
            int lines = Math.Max(1, B.StepBytes / CacheLine);
            bool ahead = tile < lines && (panel + 1 < firstPanel + panelCount || !EndsPanel(k + depth));
            nint step = ahead ? B.StepBytes / lines : 0;
            byte* next = ahead ? Next(panel, k + depth) + (tile * step * depth) : (byte*)source;
            for (int strip = 0; strip < GemmTile.Half; strip += L.Count)
            {
                GemmTile.Run<L, V, W, RowsOfInput>(rows, x.Row(row) + k, x.Stride, (W*)((float*)source + strip), Panels.Width, depth, start + strip, startStride, c + strip, stride, next, step);
            }
        }

        /// <summary>Whether the next panel follows.</summary>
        private bool EndsPanel(int k) => k % DepthBlock == 0 || k == b.Depth;

        private byte* Next(int panel, int k) => EndsPanel(k) ? b.Stored(panel + 1, (k - 1) / DepthBlock * DepthBlock) : b.Stored(panel, k);

        private static void CopyBlock(float* source, int sourceStride, float* destination, int destinationStride, int rows, int columns)
        {
            for (int r = 0; r < rows; r++)
            {
                Unsafe.CopyBlockUnaligned(destination + ((long)r * destinationStride), source + ((long)r * sourceStride), (uint)columns * sizeof(float));
            }
        }
    }
}
