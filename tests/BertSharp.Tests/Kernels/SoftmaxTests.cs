namespace BertSharp.Tests;

/// <summary>Softmax over every length, against guard pages; slow twin: <see cref="Twin"/>, in double.</summary>
[Collection(Widths.Alone)]
public sealed unsafe class SoftmaxTests
{
    private const double HalfUlp = 5.9604645e-8;

    [Theory]
    [InlineData(1f)]
    [InlineData(30f)]
    public void Every_length_is_right_between_guard_pages_and_has_the_same_bits_at_every_width(float range)
    {
        const int rows = 9; // One more than are worked on together.
        using GuardedMemory memory = new(rows * 150);
        for (int length = 1; length <= 130; length++)
        {
            float[] x = Numbers.Array(rows * length, seed: length, range), first = [];
            foreach (Guard guard in Enum.GetValues<Guard>())
            {
                Widths.ForEach(width =>
                {
                    Matrix y = memory.Matrix(guard, rows, length, length + 13);
                    Load(x, y);
                    Softmax.Forward(y);
                    float[] values = Save(y);
                    first = first.Length == 0 ? values : first;
                    Numbers.AssertSameBits(first, values, $"length {length}, width {width}, guard {guard}");
                });
            }

            for (int row = 0; row < rows; row++)
            {
                AssertClose(x.AsSpan(row * length, length), first.AsSpan(row * length, length));
            }
        }
    }

    [Theory]
    [InlineData(0.125f)]
    [InlineData(0.17677669f)]
    [InlineData(3f)]
    public void A_scale_gives_the_bits_of_values_that_were_scaled_before(float scale)
    {
        foreach (int length in (int[])[1, 15, 16, 17, 31, 33, 64, 130])
        {
            float[] x = Numbers.Array(length, seed: length, range: 20), scaled = [.. x.Select(value => value * scale)];
            Widths.ForEach(width => Numbers.AssertSameBits(Of(scaled), Of(x, scale), $"length {length}, width {width}"));
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    public void A_scale_that_is_not_positive_is_refused(float scale) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Of([1f, 2f], scale));

    [Fact]
    public void Equal_scores_share_equally_however_large()
    {
        foreach (float value in new[] { 0f, -0f, 3e38f, -3e38f, float.Epsilon })
        {
            Widths.ForEach(_ => Assert.All(Of(Enumerable.Repeat(value, 64)), p => Assert.Equal(1f / 64, p)));
        }
    }

    [Fact]
    public void A_score_of_minus_infinity_gets_nothing_and_the_others_what_they_had()
    {
        float[] scores = Numbers.Array(37, seed: 1, range: 5);
        Widths.ForEach(_ =>
        {
            float[] withNothing = Of(scores.Append(float.NegativeInfinity));
            Assert.Equal(0f, withNothing[^1]);
            AssertClose(scores, withNothing.AsSpan(0, 37));
        });
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_score_that_is_no_number_makes_its_whole_row_NaN_wherever_it_stands_and_no_other_row(float poison)
    {
        using GuardedMemory memory = new(4 * 64);
        for (int at = 0; at < 37; at++)
        {
            Widths.ForEach(_ =>
            {
                float[] x = Numbers.Array(2 * 37, seed: 1, range: 5);
                x[at] = poison;
                Matrix y = memory.Matrix(Guard.Above, 2, 37, 37);
                Load(x, y);
                Softmax.Forward(y);
                Assert.All(y.RowSpan(0).ToArray(), p => Assert.True(float.IsNaN(p)));
                Assert.All(y.RowSpan(1).ToArray(), p => Assert.InRange(p, 0f, 1f));
            });
        }
    }

    [Fact]
    public void No_rows_and_no_columns_are_no_work()
    {
        using GuardedMemory memory = new(1);
        Softmax.Forward(memory.Matrix(Guard.Above, 0, 5, 5));
        Softmax.Forward(memory.Matrix(Guard.Above, 5, 0, 0));
        Assert.True(float.IsNaN(*memory.First));
    }

    private static float[] Of(IEnumerable<float> scores, float scale = 1f)
    {
        float[] values = [.. scores];
        fixed (float* x = values)
        {
            Softmax.Forward(new Matrix((nint)x, 1, values.Length, values.Length), scale);
        }

        return values;
    }

    /// <summary>softmax in double.</summary>
    private static double[] Twin(ReadOnlySpan<float> x)
    {
        double maximum = double.NegativeInfinity;
        foreach (float value in x)
        {
            maximum = Math.Max(maximum, value);
        }

        double[] e = [.. x.ToArray().Select(value => Math.Exp(value - maximum))];
        double sum = e.Sum();
        return [.. e.Select(value => value / sum)];
    }

    private static void AssertClose(ReadOnlySpan<float> x, ReadOnlySpan<float> actual)
    {
        double[] expected = Twin(x);
        double maximum = x.ToArray().Max();
        for (int i = 0; i < x.Length; i++)
        {
            // The difference to the maximum is rounded, which e^x turns into a relative error of its size; then exp (2 ulp),
            // the sum (partial sums of up to 9 values, 4 halvings) and the division.
            double relative = HalfUlp * (Math.Abs(x[i] - maximum) + (2 * 2) + 13 + 1);
            Assert.Equal(expected[i], actual[i], (relative * expected[i]) + float.Epsilon);
        }
    }

    private static void Load(ReadOnlySpan<float> values, Matrix y)
    {
        for (int row = 0; row < y.Rows; row++)
        {
            values.Slice(row * y.Columns, y.Columns).CopyTo(y.RowSpan(row));
        }
    }

    private static float[] Save(Matrix y) => [.. Enumerable.Range(0, y.Rows).SelectMany(row => y.RowSpan(row).ToArray())];
}
