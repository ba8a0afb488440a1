using BenchmarkDotNet.Attributes;

namespace BertSharp.Benchmarks;

/// <summary>The matrix products of BERT-Base on one thread: rows × outputs × depth.</summary>
[FlopColumns]
public class GemmBenchmarks : IFlop
{
    private Arena _arena = new(0);
    private Matrix _x;
    private Matrix _y;
    private Panels _weight;
    private nint _bias;

    /// <summary>Rows, outputs, depth.</summary>
    [Params("512x768x768", "512x3072x768", "512x768x3072", "16x768x768", "128x128x64", "128x64x128")]
    public string Shape { get; set; } = "";

    /// <inheritdoc/>
    public double Flop => 2 * Shape.Split('x').Select(double.Parse).Aggregate((product, size) => product * size);

    /// <inheritdoc/>
    public int Threads => 1;

    /// <summary>Fills the operands.</summary>
    [GlobalSetup]
    public unsafe void Setup()
    {
        int[] sizes = [.. Shape.Split('x').Select(int.Parse)];
        (int rows, int outputs, int depth) = (sizes[0], sizes[1], sizes[2]);
        _arena = new Arena(Arena.MatrixSize(rows, depth) + Arena.MatrixSize(rows, outputs) + Panels.Size(depth, outputs) + Panels.Size(1, outputs));
        new Span<float>(_arena.Buffer.Pointer, (int)_arena.Buffer.Length).Fill(0.01f);
        _x = _arena.TakeMatrix(rows, depth);
        _y = _arena.TakeMatrix(rows, outputs);
        _weight = new Panels((nint)_arena.Take(Panels.Size(depth, outputs)), depth, outputs);
        _bias = (nint)_arena.Take(Panels.Size(1, outputs));
    }

    /// <summary>Frees the operands.</summary>
    [GlobalCleanup]
    public void Cleanup() => _arena.Dispose();

    /// <summary>With a bias alone.</summary>
    [Benchmark(Baseline = true)]
    public unsafe void Plain() => Gemm.Run(_x, _weight, (float*)_bias, _y, GemmEpilogue.None);

    /// <summary>With GELU in the tile.</summary>
    [Benchmark]
    public unsafe void WithGelu() => Gemm.Run(_x, _weight, (float*)_bias, _y, new GemmEpilogue(Activation.Gelu));
}
