namespace BertSharp.Tests;

/// <summary>
/// Products of weights in fewer bytes, bit for bit: bfloat16 and int8 against the float32 product of the widened weights (whose
/// twin is in <see cref="GemmTests"/>), int8 times int8 against whole numbers summed one by one.
/// </summary>
[Collection(Widths.Alone)]
public sealed unsafe class RoundedGemmTests
{
    private const int MostRows = 13;
    private const int MostColumns = 65;

    public static TheoryData<WeightFormat, int> Cases() =>
        [.. from format in Enum.GetValues<WeightFormat>()
            from depth in new[] { 1, 2, 3, 4, 5, 15, 16, 17, 255, 256, 257, 767, 768, 769, 3072 }
            select (format, depth)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_format_gives_the_bits_of_its_twin_at_every_width(WeightFormat format, int depth)
    {
        bool large = depth > 17;
        int[] rows = large ? [1, 6, 13] : [0, 1, 2, 5, 6, 7, 11, 12, 13], columns = large ? [1, 33, 64, 65] : [.. Enumerable.Range(1, MostColumns)];
        using Product product = new(MostRows, MostColumns, depth, format, GemmEpilogue.None);
        ForEachForm(form => product.Check(rows, columns, form));
    }

    [Theory]
    [InlineData(WeightFormat.BFloat16)]
    [InlineData(WeightFormat.Int8)]
    [InlineData(WeightFormat.Int8Dynamic)]
    public void Many_rows_several_panels_and_an_epilogue_give_the_same_bits(WeightFormat format)
    {
        using Product product = new(300, 129, 770, format, new GemmEpilogue(0.3f, Activation.Gelu), residual: true);
        ForEachForm(form => product.Check([133, 300], [129], form));
    }

    [Fact]
    public void Shares_of_panels_leave_the_others_alone()
    {
        using Product product = new(7, 129, 20, WeightFormat.Int8Dynamic, GemmEpilogue.None);
        ForEachForm(form => product.CheckShare(1, 3, form));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_row_with_a_value_that_is_not_finite_gives_NaN_and_leaves_other_rows_alone(float value)
    {
        foreach (int place in new[] { 0, 17, 44 })
        {
            using Product product = new(3, 33, 45, WeightFormat.Int8Dynamic, GemmEpilogue.None);
            product.X[45 + place] = value;
            ForEachForm(form => product.Check([3], [33], form));
            Assert.All(product.Twin(3, 33)[33..66], result => Assert.True(float.IsNaN(result)));
            Assert.All(product.Twin(3, 33)[66..], result => Assert.True(float.IsFinite(result)));
        }
    }

    [Fact]
    public void Rows_of_zeros_and_of_the_smallest_and_largest_numbers_are_exact()
    {
        using Product product = new(5, 33, 45, WeightFormat.Int8Dynamic, GemmEpilogue.None);
        product.X.AsSpan(0, 45).Clear();
        product.X.AsSpan(45, 45).Fill(float.Epsilon);
        product.X.AsSpan(90, 45).Fill(-3e-36f);
        product.X.AsSpan(135, 45).Fill(float.MaxValue / 4);
        ForEachForm(form => product.Check([5], [33], form));
    }

    [Fact]
    public void Ties_round_to_even_and_the_largest_value_is_127()
    {
        float[] x = [127, 0.5f, 1.5f, -0.5f, -1.5f, 2.5f, -126.5f, -127];
        sbyte[] expected = [127, 0, 2, 0, -2, 2, -126, -127];
        ForEachForm(form =>
        {
            fixed (float* source = x)
            {
                QuantizedRows rows = RowQuantizer.Run(new Matrix((nint)source, 1, 8, 8), 0, 1);
                Assert.Equal(expected, Enumerable.Range(0, 8).Select(i => Value(rows, 0, i)));
                Assert.Equal(1f, *rows.Scale(0));
            }
        });
    }

    [Fact]
    public void The_largest_sums_do_not_overflow()
    {
        const int depth = Int8Panels.MaxDepth;
        using Product product = new(1, 2, depth, WeightFormat.Int8Dynamic, GemmEpilogue.None);
        product.X.AsSpan().Fill(-1f);
        product.SetWeights(0.5f);
        ForEachForm(form => product.Check([1], [2], form));
        Assert.InRange(product.Twin(1, 2)[0], -depth * 0.50001f - 2, -depth * 0.49999f + 2);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused_before_anything_is_touched()
    {
        QuantizedRows x = new(64, 64, 0, 2, 3, false);
        Int8Panels b = new(64, 3, 5);
        Matrix y = new(64, 2, 5, 5);
        Assert.Throws<ArgumentException>(() => Int8Gemm.Run(x with { Columns = 4 }, b, null, y, GemmEpilogue.None, 0, 1));
        Assert.Throws<ArgumentException>(() => Int8Gemm.Run(x, b, null, y with { Rows = 3 }, GemmEpilogue.None, 0, 1));
        Assert.Throws<ArgumentException>(() => Int8Gemm.Run(x, b, null, y with { Columns = 4 }, GemmEpilogue.None, 0, 1));
        Assert.Throws<ArgumentException>(() => Int8Gemm.Run(x, b, null, y, new GemmEpilogue(Residual: y with { Rows = 1 }), 0, 1));
        Assert.Throws<ArgumentException>(() => Int8Gemm.Run(x, b, null, y, GemmEpilogue.None, 0, 2));
        Assert.Throws<ArgumentException>(() => Int8Gemm.Run(x, b, null, y, GemmEpilogue.None, -1, 1));
    }

    /// <summary>Every width, and AVX-VNNI on and off where the machine has it.</summary>
    private static void ForEachForm(Action<string> body)
    {
        bool before = Simd.UsesVnni;
        try
        {
            foreach (bool vnni in before ? new[] { true, false } : [false])
            {
                Simd.UsesVnni = vnni;
                foreach (int width in Widths.All.Where(width => vnni == before || width >= 256))
                {
                    Widths.At(width, () => body($"width {width}, VNNI {Simd.UsesVnni}"));
                }
            }
        }
        finally
        {
            Simd.UsesVnni = before;
        }
    }

    private static sbyte Value(QuantizedRows rows, int row, int i) =>
        rows.AreBytes ? (sbyte)(rows.Row(row)[i] - 128) : (sbyte)((short*)rows.Row(row))[i];

    private sealed class Product : IDisposable
    {
        private readonly Arena _arena;
        private readonly int _rows;
        private readonly int _columns;
        private readonly int _depth;
        private readonly WeightFormat _format;
        private readonly GemmEpilogue _epilogue;
        private readonly bool _residual;
        private readonly float[] _bias;
        private readonly float[] _added;
        private float[] _weight;
        private float[]? _twin;

        public Product(int rows, int columns, int depth, WeightFormat format, GemmEpilogue epilogue, bool residual = false)
        {
            (_rows, _columns, _depth, _format, _epilogue, _residual) = (rows, columns, depth, format, epilogue, residual);
            X = Numbers.Array(rows * depth, seed: 1);
            _weight = Numbers.Array(columns * depth, seed: 2);
            _bias = Numbers.Array(columns, seed: 3);
            _added = Numbers.Array(rows * columns, seed: 4);
            _arena = new Arena((2 * Parameter.Size([columns, depth])) + Parameter.Size([columns, depth], WeightFormat.Int8) + (3 * Arena.MatrixSize(rows, Math.Max(depth, columns))) + Parameter.Size([columns]) + 1024);
        }

        public float[] X { get; }

        public void SetWeights(float value)
        {
            _weight = new float[_weight.Length];
            _weight.AsSpan().Fill(value);
        }

        public void Dispose() => _arena.Dispose();

        public void Check(IEnumerable<int> rows, IEnumerable<int> columns, string form)
        {
            foreach (int n in columns)
            {
                foreach (int m in rows)
                {
                    float[] y = Run(m, n, 0, (n + Panels.Width - 1) / Panels.Width);
                    Numbers.AssertSameBits(Twin(m, n), y, $"{_format}, {form}, M {m}, N {n}, K {_depth}");
                }
            }
        }

        public void CheckShare(int panel, int panels, string form)
        {
            float[] y = Run(_rows, _columns, panel, panels), whole = Twin(_rows, _columns);
            for (int i = 0; i < y.Length; i++)
            {
                bool inside = i % _columns / Panels.Width >= panel && i % _columns / Panels.Width < panel + panels;
                Assert.True(Numbers.SameBits(inside ? whole[i] : float.NaN, y[i]), $"{form}: value {i}");
            }
        }

        /// <summary>
        /// [m, n] by the twin: the float32 product of the widened weights, or whole numbers one by one. A value does not depend
        /// on M and N, so the largest product is computed once, and every smaller one is a corner of it.
        /// </summary>
        public float[] Twin(int m, int n)
        {
            _twin ??= Whole(_rows, _columns);
            return [.. Enumerable.Range(0, m * n).Select(i => _twin[(i / n * _columns) + (i % n)])];
        }

        private float[] Whole(int m, int n)
        {
            Parameter weight = Weight(n), bias = Bias(n);
            float[] y = new float[m * n];
            Matrix result = _arena.TakeMatrix(m, n);
            if (_format == WeightFormat.Int8Dynamic)
            {
                WholeNumbers(weight, result);
            }
            else
            {
                Parameter widened = Parameter.Packed(_arena, "widened", n, _depth);
                float[] row = new float[_depth];
                for (int i = 0; i < n; i++)
                {
                    weight.CopyRow(i, row);
                    widened.SetRows(i, row);
                }

                Gemm.Run(Input(m), widened.Panels, bias.Pointer, result, GemmEpilogue.None);
            }

            Finish(result);
            CopyOut(result, y);
            _arena.Reset(0);
            return y;
        }

        private void WholeNumbers(Parameter weight, Matrix y)
        {
            sbyte[] w = new sbyte[_depth];
            for (int row = 0; row < y.Rows; row++)
            {
                float[] x = X[(row * _depth)..((row + 1) * _depth)];
                bool finite = x.All(float.IsFinite);
                float most = x.Max(float.Abs), factor = most > 1e-35f ? 127f / most : 0f;
                long[] numbers = [.. x.Select(value => finite ? (long)Math.Round(value * factor, MidpointRounding.ToEven) : 0)];
                for (int column = 0; column < y.Columns; column++)
                {
                    weight.CopyQuantizedRow(column, w, out float scale);
                    long sum = numbers.Zip(w, (a, b) => a * b).Sum();
                    float rowScale = finite ? most / 127f : float.NaN;
                    y.Row(row)[column] = float.FusedMultiplyAdd(checked((int)sum), rowScale * scale, _bias[column]);
                }
            }
        }

        private void Finish(Matrix y)
        {
            for (int row = 0; row < y.Rows; row++)
            {
                Span<float> values = y.RowSpan(row);
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] *= _epilogue.Scale;
                }

                Elementwise.Apply(_epilogue.Activation, values);
                for (int i = 0; i < values.Length && _residual; i++)
                {
                    values[i] += _added[(row * _columns) + i];
                }
            }
        }

        private float[] Run(int m, int n, int panel, int panels)
        {
            Parameter weight = Weight(n), bias = Bias(n);
            Matrix x = Input(m), y = _arena.TakeMatrix(m, n), added = default;
            float[] result = new float[m * n];
            new Span<float>(y.Row(0), m * y.Stride).Fill(float.NaN);
            if (_residual)
            {
                added = _arena.TakeMatrix(m, n);
                for (int row = 0; row < m; row++)
                {
                    _added.AsSpan(row * _columns, n).CopyTo(added.RowSpan(row));
                }
            }

            GemmEpilogue epilogue = _epilogue with { Residual = added };
            switch (_format)
            {
                case WeightFormat.BFloat16: Gemm.Run<BFloat16Blocks, ushort>(x, new BFloat16Blocks(weight.BFloat16Panels), bias.Pointer, y, epilogue, panel, panels); break;
                case WeightFormat.Int8: Gemm.Run(x, weight.Int8Panels, bias.Pointer, y, epilogue, panel, panels); break;
                case WeightFormat.Int8Dynamic: Int8Gemm.Run(RowQuantizer.Run(x, 0, m), weight.Int8Panels, bias.Pointer, y, epilogue, panel, panels); break;
                default: Gemm.Run(x, weight.Panels, bias.Pointer, y, epilogue, panel, panels); break;
            }

            CopyOut(y, result);
            _arena.Reset(0);
            return result;
        }

        private Parameter Weight(int n)
        {
            Parameter weight = Parameter.Packed(_arena, "w", n, _depth, _format);
            weight.SetRows(0, _weight.AsSpan(0, n * _depth));
            return weight;
        }

        private Parameter Bias(int n)
        {
            Parameter bias = Parameter.Vector(_arena, "b", n);
            bias.SetRows(0, _bias.AsSpan(0, n));
            return bias;
        }

        private Matrix Input(int m)
        {
            Matrix x = _arena.TakeMatrix(m, _depth);
            for (int row = 0; row < m; row++)
            {
                X.AsSpan(row * _depth, _depth).CopyTo(x.RowSpan(row));
            }

            return x;
        }

        private static void CopyOut(Matrix y, float[] values)
        {
            for (int row = 0; row < y.Rows; row++)
            {
                y.RowSpan(row).CopyTo(values.AsSpan(row * y.Columns));
            }
        }
    }
}
