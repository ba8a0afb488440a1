namespace BertSharp.Tests;

/// <summary>LayerNorm over every length, against guard pages; slow twin: <see cref="Twin"/>, in double.</summary>
[Collection(Widths.Alone)]
public sealed unsafe class LayerNormalizationTests
{
    private const float Epsilon = 1e-5f;

    /// <summary>
    /// Some 20 roundings of 2⁻²⁴ each (partial sums, the fold, the root, the quotient), each of the size of γ·normal and β,
    /// and of the offset of the mean in units of the deviation, which cancels.
    /// </summary>
    private const double Roundings = 20 * 5.9604645e-8;

    [Theory]
    [InlineData(0f, true)]
    [InlineData(0f, false)]
    [InlineData(100f, false)]
    public void Every_length_is_right_between_guard_pages_and_has_the_same_bits_at_every_width(float offset, bool inPlace)
    {
        const int rows = 9; // One more than are worked on together.
        using GuardedMemory source = new(rows * 150), gains = new(130), biases = new(130), result = new(rows * 150);
        for (int length = 0; length <= 130; length++)
        {
            float[] x = [.. Numbers.Array(rows * length, seed: length).Select(value => value + offset)], first = [];
            float[] gamma = Numbers.Array(length, seed: 1000 + length, range: 2), beta = Numbers.Array(length, seed: 2000 + length);
            foreach (Guard guard in Enum.GetValues<Guard>())
            {
                Span<float> g = new(gains.At(guard, length), length), b = new(biases.At(guard, length), length);
                gamma.CopyTo(g);
                beta.CopyTo(b);
                nint gains1 = (nint)gains.At(guard, length), biases1 = (nint)biases.At(guard, length);
                Widths.ForEach(width =>
                {
                    Matrix from = source.Matrix(guard, rows, length, length + 7);
                    Matrix to = inPlace ? from : result.Matrix(guard, rows, length, length + 3);
                    for (int row = 0; row < rows; row++)
                    {
                        x.AsSpan(row * length, length).CopyTo(from.RowSpan(row));
                    }

                    LayerNormalization.Forward(from, new ReadOnlySpan<float>((float*)gains1, length), new ReadOnlySpan<float>((float*)biases1, length), Epsilon, to);
                    float[] y = [.. Enumerable.Range(0, rows).SelectMany(row => to.RowSpan(row).ToArray())];
                    first = first.Length == 0 ? y : first;
                    Numbers.AssertSameBits(first, y, $"length {length}, width {width}, guard {guard}");
                });
            }

            for (int row = 0; row < rows; row++)
            {
                AssertClose(x.AsSpan(row * length, length), gamma, beta, first.AsSpan(row * length, length));
            }
        }
    }

    [Fact]
    public void A_constant_row_gives_the_bias_exactly()
    {
        float[] beta = Numbers.Array(77, seed: 3);
        Widths.ForEach(_ => Assert.Equal(beta, Of([.. Enumerable.Repeat(3f, 77)], Numbers.Array(77, seed: 4), beta)));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_value_that_is_no_number_makes_its_whole_row_NaN_wherever_it_stands(float poison)
    {
        for (int at = 0; at < 37; at++)
        {
            float[] x = Numbers.Array(37, seed: 2);
            x[at] = poison;
            Widths.ForEach(_ => Assert.All(Of(x, Numbers.Array(37, seed: 4), new float[37]), y => Assert.True(float.IsNaN(y))));
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Of(new float[5], new float[4], new float[5]));
        Assert.Throws<ArgumentException>(() => Of(new float[5], new float[5], new float[6]));
    }

    private static float[] Of(float[] x, float[] gamma, float[] beta)
    {
        float[] y = [.. x];
        fixed (float* values = y)
        {
            Matrix row = new((nint)values, 1, y.Length, y.Length);
            LayerNormalization.Forward(row, gamma, beta, Epsilon, row);
        }

        return y;
    }

    /// <summary>The formula in double.</summary>
    private static (double Normal, double Offset)[] Twin(ReadOnlySpan<float> x)
    {
        double[] values = [.. x.ToArray().Select(value => (double)value)];
        double mean = values.Sum() / values.Length;
        double deviation = Math.Sqrt((values.Sum(value => (value - mean) * (value - mean)) / values.Length) + Epsilon);
        return [.. values.Select(value => ((value - mean) / deviation, Math.Abs(mean) / deviation))];
    }

    private static void AssertClose(ReadOnlySpan<float> x, float[] gamma, float[] beta, ReadOnlySpan<float> actual)
    {
        (double Normal, double Offset)[] twin = x.Length == 0 ? [] : Twin(x);
        for (int i = 0; i < x.Length; i++)
        {
            double size = (Math.Abs(gamma[i]) * (Math.Abs(twin[i].Normal) + twin[i].Offset)) + Math.Abs(beta[i]);
            Assert.Equal((twin[i].Normal * gamma[i]) + beta[i], actual[i], Roundings * size);
        }
    }
}
