namespace BertSharp.Tests;

/// <summary>Whole numbers and a scale: products exact at every width, values within half a step.</summary>
[Collection(Widths.Alone)]
public sealed unsafe class Int8VectorsTests
{
    [Fact]
    public void Every_length_gives_the_exact_product_at_every_width_between_guard_pages()
    {
        using GuardedMemory rowMemory = new(7 * 48), queryMemory = new(96), scaleMemory = new(7);
        for (int dimension = 1; dimension <= 130; dimension++)
        {
            int length = Int8Vectors.PaddedLength(dimension);
            Random random = new(dimension);
            sbyte[] rows = new sbyte[7 * length]; // Four that share a pass, and three that do not.
            short[] query = new short[length];
            for (int i = 0; i < dimension; i++)
            {
                query[i] = (short)random.Next(-127, 128);
                rows[i] = (sbyte)random.Next(-127, 128);
                rows[length + i] = 127;
                rows[(2 * length) + i] = -128; // Never written, but a file may hold it.
                for (int row = 3; row < 7; row++)
                {
                    rows[(row * length) + i] = (sbyte)random.Next(-127, 128);
                }
            }

            int[] dots = [.. rows.Chunk(length).Select(row => row.Zip(query, (x, y) => x * y).Sum())];
            float[] scales = [0.5f, 1f, 0.003f, 0.7f, 1e-9f, 3f, 0f], expected = [.. dots.Zip(scales, (dot, scale) => dot * (scale * 0.25f))];
            foreach (Guard guard in Enum.GetValues<Guard>())
            {
                Widths.ForEach(width =>
                {
                    sbyte* x = (sbyte*)rowMemory.At(guard, rows.Length / sizeof(float));
                    short* y = (short*)queryMemory.At(guard, length / 2);
                    float* s = scaleMemory.At(guard, 7);
                    rows.CopyTo(new Span<sbyte>(x, rows.Length));
                    query.CopyTo(new Span<short>(y, length));
                    scales.CopyTo(new Span<float>(s, 7));
                    float[] actual = new float[7];
                    Int8Vectors.Score(x, s, y, 0.25f, length, actual);
                    Numbers.AssertSameBits(expected, actual, $"dimension {dimension}, width {width}, guard {guard}");
                });
            }
        }
    }

    [Fact]
    public void The_longest_vector_stays_within_32_bits()
    {
        const int length = Int8Vectors.MaxLength;
        sbyte[] row = new sbyte[length];
        short[] query = new short[length];
        Array.Fill(row, (sbyte)-128);
        Array.Fill(query, (short)-127);
        float[] actual = new float[1], scale = [1f];
        fixed (sbyte* x = row)
        fixed (short* y = query)
        fixed (float* s = scale)
        {
            Int8Vectors.Score(x, s, y, 1f, length, actual);
        }

        Assert.Equal(128f * 127 * length, actual[0]);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(1e30f)]
    [InlineData(1e-38f)]
    [InlineData(1e-44f)]
    public void A_value_comes_back_within_half_a_step(float size)
    {
        float[] x = Numbers.Array(100, 3, size), back = new float[100];
        sbyte[] values = new sbyte[100];
        float scale = SymmetricInt8.Quantize(x, values);
        Int8Vectors.Dequantize(values, scale, back);
        double step = x.Max(Math.Abs) / 127.0;

        // Below the normal numbers the scale itself is rounded: one unit of it for each step.
        double tolerance = (0.5001 * step) + (127 * float.Epsilon);
        Assert.All(x.Zip(back), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        Assert.True(size < 1e-37f || values.Max(value => Math.Abs((int)value)) == 127);
    }

    [Fact]
    public void Zeros_have_the_scale_zero()
    {
        sbyte[] values = [1, 2, 3];
        Assert.Equal(0f, SymmetricInt8.Quantize([0, 0, -0f], values));
        Assert.Equal([0, 0, 0], values);
    }
}
