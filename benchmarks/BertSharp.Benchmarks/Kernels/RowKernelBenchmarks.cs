using BenchmarkDotNet.Attributes;

namespace BertSharp.Benchmarks;

/// <summary>What lies between the products, on one thread: rows × columns as BERT-Base has them.</summary>
public class RowKernelBenchmarks
{
    private readonly float[] _gamma = new float[4096];
    private readonly float[] _beta = new float[4096];
    private Arena? _arena;
    private Matrix _x;
    private Matrix _y;

    /// <summary>Rows of a block, and columns: keys of short and long texts, hidden size, intermediate size.</summary>
    [Params("48x128", "48x512", "128x768", "128x3072")]
    public string Shape { get; set; } = "";

    /// <summary>Fills the operands.</summary>
    [GlobalSetup]
    public void Setup()
    {
        int[] sizes = [.. Shape.Split('x').Select(int.Parse)];
        _arena = new Arena(2 * Arena.MatrixSize(sizes[0], sizes[1]));
        _x = _arena.TakeMatrix(sizes[0], sizes[1]);
        _y = _arena.TakeMatrix(sizes[0], sizes[1]);
        Random random = new(42);
        for (int row = 0; row < _x.Rows; row++)
        {
            foreach (ref float value in _x.RowSpan(row))
            {
                value = (random.NextSingle() - 0.5f) * 8;
            }
        }
    }

    /// <summary>Frees the operands.</summary>
    [GlobalCleanup]
    public void Cleanup() => _arena!.Dispose();

    /// <summary>The yardstick: reading and writing the same values.</summary>
    [Benchmark(Baseline = true)]
    public void Copy()
    {
        for (int row = 0; row < _x.Rows; row++)
        {
            _x.RowSpan(row).CopyTo(_y.RowSpan(row));
        }
    }

    /// <summary>Of a copy, since it works in place and its own output is another input.</summary>
    [Benchmark]
    public void CopyAndSoftmax()
    {
        Copy();
        Softmax.Forward(_y);
    }

    /// <summary>Of a copy.</summary>
    [Benchmark]
    public void CopyAndGelu()
    {
        Copy();
        for (int row = 0; row < _y.Rows; row++)
        {
            Elementwise.Apply(Activation.Gelu, _y.RowSpan(row));
        }
    }

    /// <summary>From one matrix to the other.</summary>
    [Benchmark]
    public void LayerNorm() => LayerNormalization.Forward(_x, _gamma.AsSpan(0, _x.Columns), _beta.AsSpan(0, _x.Columns), 1e-12f, _y);
}
