namespace BertSharp.Tests;

/// <summary>
/// One product of the largest M and N, computed once by the slow twin. A value's chain does not depend on M and N, so every
/// smaller product is a corner of it.
/// </summary>
internal sealed unsafe class GemmCase : IDisposable
{
    private const int Gap = 5;
    private readonly int _depth;
    private readonly bool _hasBias;
    private readonly bool _hasResidual;
    private readonly GemmEpilogue _epilogue;
    private readonly float[] _x;
    private readonly float[] _weight;
    private readonly float[] _bias;
    private readonly float[] _residual;
    private readonly int _columns;
    private readonly GuardedMemory _xMemory;
    private readonly GuardedMemory _panelMemory;
    private readonly GuardedMemory _biasMemory;
    private readonly GuardedMemory _yMemory;
    private readonly GuardedMemory _residualMemory;

    public GemmCase(int rows, int columns, int depth, GemmEpilogue epilogue, bool bias, bool residual = false)
    {
        (_depth, _columns, _epilogue, _hasBias, _hasResidual) = (depth, columns, epilogue, bias, residual);
        _x = Numbers.Array(rows * depth, seed: 1);
        _weight = Numbers.Array(columns * depth, seed: 2);
        _bias = Numbers.Array(columns, seed: 3);
        _residual = Numbers.Array(rows * columns, seed: 4);
        _xMemory = new GuardedMemory(rows * (depth + Gap));
        _panelMemory = new GuardedMemory((int)Panels.Size(depth, columns));
        _biasMemory = new GuardedMemory((int)Panels.Size(1, columns));
        _yMemory = new GuardedMemory(rows * (columns + Gap));
        _residualMemory = new GuardedMemory(rows * (columns + Gap));
        Expected = Twin(rows);
    }

    /// <summary>[M, N] of the largest product, by the slow twin.</summary>
    public float[] Expected { get; }

    /// <summary>Runs the product of the first rows and columns, or a share of its panels, and compares every bit, also between the rows.</summary>
    public void Check(Guard guard, int m, int n, string what, int firstPanel = 0, int panelCount = -1)
    {
        Matrix x = _xMemory.Matrix(guard, m, _depth, _depth + Gap);
        Copy(_x, _depth, x);
        Panels panels = new((nint)_panelMemory.At(guard, (int)Panels.Size(_depth, n)), _depth, n);
        fixed (float* weight = _weight)
        {
            panels.PackRows(new Matrix((nint)weight, n, _depth, _depth), 0);
        }

        float* bias = null;
        if (_hasBias)
        {
            int padded = (int)Panels.Size(1, n);
            bias = _biasMemory.At(guard, padded);
            new Span<float>(bias, padded).Clear();
            _bias.AsSpan(0, n).CopyTo(new Span<float>(bias, n));
        }

        Matrix y = _yMemory.Matrix(guard, m, n, n + Gap);
        new Span<float>(_yMemory.First, _yMemory.Capacity).Fill(float.NaN);
        GemmEpilogue epilogue = _epilogue;
        if (_hasResidual)
        {
            Matrix residual = _residualMemory.Matrix(guard, m, n, n + Gap);
            Copy(_residual, _columns, residual);
            epilogue = epilogue with { Residual = residual };
        }

        panelCount = panelCount < 0 ? panels.Count : panelCount;
        Gemm.Run(x, panels, bias, y, epilogue, firstPanel, panelCount);
        Compare(y, firstPanel * Panels.Width, Math.Min(n, (firstPanel + panelCount) * Panels.Width), what);
    }

    public void Dispose()
    {
        foreach (GuardedMemory memory in new[] { _xMemory, _panelMemory, _biasMemory, _yMemory, _residualMemory })
        {
            memory.Dispose();
        }
    }

    private static void Copy(float[] source, int sourceColumns, Matrix to)
    {
        for (int row = 0; row < to.Rows; row++)
        {
            source.AsSpan(row * sourceColumns, to.Columns).CopyTo(to.RowSpan(row));
        }
    }

    /// <summary>The product inside [first, end), NaN as before everywhere else.</summary>
    private void Compare(Matrix y, int first, int end, string what)
    {
        for (int row = 0; row < y.Rows; row++)
        {
            ReadOnlySpan<float> values = new(y.Row(row), row == y.Rows - 1 ? y.Columns : y.Stride);
            for (int column = 0; column < values.Length; column++)
            {
                float expected = column >= first && column < end ? Expected[(row * _columns) + column] : float.NaN;
                if (!Numbers.SameBits(expected, values[column]))
                {
                    Assert.Fail($"{what}: M {y.Rows}, N {y.Columns}, K {_depth}: value ({row}, {column}) is {values[column]:R}, expected {expected:R}.");
                }
            }
        }
    }

    private float[] Twin(int rows)
    {
        float[] y = new float[rows * _columns];
        Parallel.For(0, y.Length, i =>
        {
            ReadOnlySpan<float> x = _x.AsSpan(i / _columns * _depth, _depth), w = _weight.AsSpan(i % _columns * _depth, _depth);
            float sum = _hasBias ? _bias[i % _columns] : 0f;
            for (int k = 0; k < x.Length; k++)
            {
                sum = float.FusedMultiplyAdd(x[k], w[k], sum);
            }

            y[i] = sum;
        });
        Widths.At(32, () => Elementwise.Apply(_epilogue.Activation, y));
        return _hasResidual ? [.. y.Zip(_residual, (value, residual) => value + residual)] : y;
    }
}
