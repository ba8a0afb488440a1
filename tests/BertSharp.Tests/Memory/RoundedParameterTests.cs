namespace BertSharp.Tests;

/// <summary>Weights in fewer bytes: what goes in, what is kept, what comes out.</summary>
public sealed unsafe class RoundedParameterTests
{
    public static TheoryData<int, int> Shapes() => new() { { 1, 1 }, { 33, 17 }, { 64, 32 }, { 97, 101 }, { 31, 3 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void BFloat16_rounds_to_the_nearest_ties_to_even(int rows, int columns)
    {
        float[] values = Numbers.Array(rows * columns, seed: rows);
        values[0] = BitConverter.UInt32BitsToSingle(0x3F808000);
        values[^1] = BitConverter.UInt32BitsToSingle(0xBF818000);
        using Model model = new(rows, columns, WeightFormat.BFloat16, values);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.Equal(NearestBFloat16(values[i]), model.Row(i / columns)[i % columns]);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Int8_keeps_one_scale_for_each_row_and_gives_the_product_rounded_once(int rows, int columns)
    {
        float[] values = Numbers.Array(rows * columns, seed: columns);
        foreach (WeightFormat format in new[] { WeightFormat.Int8, WeightFormat.Int8Dynamic })
        {
            using Model model = new(rows, columns, format, values);
            sbyte[] numbers = new sbyte[columns];
            for (int row = 0; row < rows; row++)
            {
                float[] source = values[(row * columns)..((row + 1) * columns)];
                model.Weight.CopyQuantizedRow(row, numbers, out float scale);
                Assert.Equal(source.Max(float.Abs) / 127, scale);
                Assert.Equal(source.Select(value => (sbyte)Math.Round(value / scale, MidpointRounding.ToEven)), numbers);
                Assert.Equal(numbers.Select(number => number * scale), model.Row(row));
            }
        }
    }

    [Fact]
    public void Quantized_rows_go_in_and_come_out_exactly_and_columns_that_do_not_exist_are_zero()
    {
        using Model model = new(33, 5, WeightFormat.Int8, new float[33 * 5]);
        sbyte[] values = [.. Enumerable.Range(0, 10).Select(i => (sbyte)((i * 25) - 127))];
        model.Weight.SetQuantizedRows(31, values, [0.5f, 3e-40f]);
        sbyte[] copy = new sbyte[5];
        model.Weight.CopyQuantizedRow(32, copy, out float scale);
        Assert.Equal(values[5..], copy);
        Assert.Equal(3e-40f, scale);
        Int8Panels panels = model.Weight.Int8Panels;
        Assert.Equal(values[5..].Sum(value => value), panels.Sums[32]);
        Assert.Equal(values[..5].Sum(value => value), panels.Sums[31]);
        for (int column = 33; column < 64; column++)
        {
            Assert.Equal((0f, 0), (panels.Scales[column], panels.Sums[column]));
            Assert.Equal(0, panels.Panel(1)[column - 32] | panels.Panel(1)[32 + column - 32]);
        }
    }

    [Fact]
    public void A_row_of_zeros_stays_zero_and_the_smallest_numbers_do_no_harm()
    {
        foreach (WeightFormat format in Enum.GetValues<WeightFormat>())
        {
            using Model model = new(2, 3, format, [0, -0f, 0, float.Epsilon, 60 * float.Epsilon, -float.Epsilon]);
            Assert.Equal([0, 0, 0], model.Row(0));
            Assert.All(model.Row(1), value => Assert.InRange(value, -100 * float.Epsilon, 100 * float.Epsilon));
        }
    }

    [Theory]
    [InlineData(WeightFormat.BFloat16, float.NaN)]
    [InlineData(WeightFormat.BFloat16, float.NegativeInfinity)]
    [InlineData(WeightFormat.BFloat16, float.MaxValue)]
    [InlineData(WeightFormat.Int8, float.NaN)]
    [InlineData(WeightFormat.Int8Dynamic, float.PositiveInfinity)]
    public void A_weight_that_cannot_be_rounded_is_refused_by_name(WeightFormat format, float value)
    {
        NotFiniteNumberException error = Assert.Throws<NotFiniteNumberException>(() => new Model(2, 3, format, [1, 2, 3, 4, 5, value]));
        Assert.Contains("w[1, 2]", error.Message);
        Assert.Contains(format.ToString(), error.Message);
    }

    [Fact]
    public void Quantized_rows_that_do_not_fit_and_formats_that_are_not_there_are_refused()
    {
        using Model model = new(2, 3, WeightFormat.Int8, new float[6]);
        Parameter weight = model.Weight;
        Assert.Throws<ArgumentException>(() => weight.SetQuantizedRows(1, new sbyte[6], new float[2]));
        Assert.Throws<ArgumentException>(() => weight.SetQuantizedRows(0, new sbyte[5], new float[2]));
        Assert.Throws<ArgumentException>(() => weight.SetQuantizedRows(0, [1, 2, sbyte.MinValue], [1f]));
        Assert.Throws<ArgumentException>(() => weight.SetQuantizedRows(0, new sbyte[3], [-1f]));
        Assert.Throws<ArgumentException>(() => weight.SetQuantizedRows(0, new sbyte[3], [float.NaN]));
        Assert.Throws<InvalidOperationException>(() => weight.Panels);
        Assert.Throws<InvalidOperationException>(() => weight.BFloat16Panels);
        Assert.Throws<InvalidOperationException>(() => (nint)weight.Pointer);
        using Model floats = new(2, 3, WeightFormat.Float32, new float[6]);
        Assert.Throws<InvalidOperationException>(() => floats.Weight.SetQuantizedRows(0, new sbyte[3], [1f]));
        using Arena arena = new(0);
        Assert.Throws<ArgumentException>(() => Parameter.Packed(arena, "w", 1, Int8Panels.MaxDepth + 1, WeightFormat.Int8));
    }

    /// <summary>The nearer of the two neighbours; halfway the one whose last bit is 0.</summary>
    private static float NearestBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value) & 0xFFFF0000;
        float toZero = BitConverter.UInt32BitsToSingle(bits), away = BitConverter.UInt32BitsToSingle(bits + 0x10000);
        double low = Math.Abs((double)value - toZero), high = Math.Abs((double)value - away);
        return low < high || (low == high && (bits & 0x10000) == 0) ? toZero : away;
    }

    /// <summary>One weight in memory that was full of NaN before.</summary>
    private sealed class Model : IDisposable
    {
        private readonly Arena _arena;

        public Model(int rows, int columns, WeightFormat format, float[] values)
        {
            _arena = new Arena(Parameter.Size([rows, columns], format));
            new Span<float>(_arena.Buffer.Pointer, (int)_arena.Buffer.Length).Fill(float.NaN);
            Weight = Parameter.Packed(_arena, "w", rows, columns, format);
            Weight.SetRows(0, values);
        }

        public Parameter Weight { get; }

        public float[] Row(int row)
        {
            float[] values = new float[Weight.Columns];
            Weight.CopyRow(row, values);
            return values;
        }

        public void Dispose() => _arena.Dispose();
    }
}
