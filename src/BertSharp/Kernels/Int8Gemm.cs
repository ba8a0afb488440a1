using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BertSharp;

/// <summary>
/// y[M, N] = epilogue(fma(n · B, scale of the row · scale of the column, b)): activations and weights in whole numbers, whose
/// sums are exact in 32 bits, so that no instruction set, tile, block or thread changes a bit.
/// </summary>
internal static unsafe class Int8Gemm
{
    /// <summary>Bytes of activations that stay in L2 while the panels pass by.</summary>
    private const int RowBlockBytes = 512 << 10;

    /// <summary>Parts of the next panel that are called: more would call each cache line more than four times.</summary>
    private const int MostCalls = 8;

    /// <summary>Computes the panels <paramref name="firstPanel"/> … of <paramref name="y"/>: a thread's share.</summary>
    /// <param name="x">[M, K], rounded.</param>
    /// <param name="b">Packed right-hand side, K × N.</param>
    /// <param name="bias">N values, rounded up to whole panels; null for zero.</param>
    /// <param name="y">[M, N].</param>
    /// <param name="epilogue">What follows on each tile.</param>
    /// <param name="firstPanel">The first panel.</param>
    /// <param name="panelCount">How many panels.</param>
    public static void Run(QuantizedRows x, Int8Panels b, float* bias, Matrix y, in GemmEpilogue epilogue, int firstPanel, int panelCount)
    {
        if (x.Columns != b.Depth || y.Columns != b.Columns || y.Rows != x.Count || !epilogue.Fits(y)
            || firstPanel < 0 || panelCount < 0 || firstPanel + panelCount > b.Count)
        {
            throw new ArgumentException($"Shapes do not fit: x [{x.Count}, {x.Columns}] · B [{b.Depth}, {b.Columns}] → y [{y.Rows}, {y.Columns}], panels {firstPanel} + {panelCount}.");
        }

        Simd.Run(new Kernel(x, b, bias, y, epilogue, firstPanel, panelCount));
    }

    private readonly struct Kernel(QuantizedRows x, Int8Panels b, float* bias, Matrix y, GemmEpilogue epilogue, int firstPanel, int panelCount) : IKernel
    {
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            if (x.AreBytes)
            {
                Blocks<L, V, Int8LaneVnni, Vector256<int>>();
            }
            else if (L.Count == 16)
            {
                Blocks<L, V, Int8Lane512, Vector512<int>>();
            }
            else if (L.Count == 8)
            {
                Blocks<L, V, Int8Lane256, Vector256<int>>();
            }
            else if (L.Count == 4)
            {
                Blocks<L, V, Int8Lane128, Vector128<int>>();
            }
            else
            {
                Blocks<L, V, Int8LaneScalar, long>();
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Blocks<L, V, D, I>()
            where L : struct, ILane<V>
            where V : struct
            where D : struct, IInt8Lane<I>
            where I : struct
        {
            // Near-equal blocks: a short last one would let all panels pass by for a few rows.
            int most = Math.Max(RowBlockBytes / x.Stride, D.TileRows), blocks = (x.Count + most - 1) / most;
            for (int block = 0; block < blocks; block++)
            {
                int first = (int)((long)x.Count * block / blocks), count = (int)((long)x.Count * (block + 1) / blocks) - first;
                int tiles = (count + D.TileRows - 1) / D.TileRows;
                for (int panel = firstPanel; panel < firstPanel + panelCount; panel++)
                {
                    for (int tile = 0; tile < tiles; tile++)
                    {
                        int row = (int)((long)count * tile / tiles), end = (int)((long)count * (tile + 1) / tiles);
                        Tile<L, V, D, I>(panel, first + row, end - row, tile, tiles);
                    }
                }
            }
        }

        [SkipLocalsInit]
        private void Tile<L, V, D, I>(int panel, int row, int rows, int tile, int tiles)
            where L : struct, ILane<V>
            where V : struct
            where D : struct, IInt8Lane<I>
            where I : struct
        {
            float* corner = stackalloc float[12 * Panels.Width], zeros = stackalloc float[Panels.Width];
            int column = panel * Panels.Width, columns = Math.Min(Panels.Width, b.Columns - column);
            epilogue.Prefetch(y, row, rows, column);
            float* start = bias + column;
            if (bias == null)
            {
                new Span<float>(zeros, Panels.Width).Clear();
                start = zeros;
            }

            // The last panel is wider than what is left of y: compute beside it, copy what exists.
            float* to = columns == Panels.Width ? y.Row(row) + column : corner;
            int stride = to == corner ? Panels.Width : y.Stride;
            Int8Outputs outputs = new(x.Scale(row), x.Zero(row), b.Scales + column, b.Sums + column, start, to, stride);
            int strips = Panels.Width / (2 * D.Columns);

            // The tiles call the next panel to L2 together, each a part of it: memory has as long as they take.
            int calls = panel + 1 < firstPanel + panelCount ? Math.Min(tiles * strips, MostCalls) : 0, step = calls == 0 ? 0 : Panels.Width * Int8Panels.Group / calls;
            for (int strip = 0; strip < strips; strip++)
            {
                int first = strip * 2 * D.Columns, call = (tile * strips) + strip;
                sbyte* source = (sbyte*)(b.Panel(panel) + first);
                byte* next = call < calls ? (byte*)b.Panel(panel + 1) + ((nint)call * b.Groups * step) : (byte*)source;
                Int8Tile.Run<D, I>(rows, x.Row(row), x.Stride, source, b.Groups, outputs.Columns(first), next, call < calls ? step : 0);
            }

            for (int r = 0; r < rows && to == corner; r++)
            {
                new ReadOnlySpan<float>(corner + (r * Panels.Width), columns).CopyTo(new Span<float>(y.Row(row + r) + column, columns));
            }

            if (epilogue.IsActive)
            {
                epilogue.Apply<L, V>(y, row, rows, column, columns);
            }
        }
    }
}
