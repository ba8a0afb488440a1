namespace BertSharp.Tests;

/// <summary>The norm of all gradients, and clipping.</summary>
[Collection(Widths.Alone)]
public sealed class GradientNormTests
{
    [Fact]
    public void It_is_the_root_of_the_sum_of_squares_whatever_the_threads()
    {
        using SmallParameters parameters = new();
        foreach (int length in new[] { 1, 15, 16, 17, 4096, 20_001 })
        {
            Numbers.Fill(parameters.Add($"{length}.weight", length).Gradients, length);
        }

        double expected = Math.Sqrt(parameters.All.Sum(parameter => parameter.Gradients.ToArray().Sum(value => (double)value * value)));
        double one = 0, two = 0;
        Threads.At(1, () => one = new GradientNorm(parameters.All).Compute());
        Threads.At(2, () => two = new GradientNorm(parameters.All).Compute());
        Assert.Equal(expected, one, expected * 1e-12);
        Assert.Equal(BitConverter.DoubleToInt64Bits(one), BitConverter.DoubleToInt64Bits(two));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void One_value_that_is_not_finite_is_seen_wherever_it_stands(float value)
    {
        using SmallParameters parameters = new();
        TrainedParameter parameter = parameters.Add("classifier.weight", 4096 + 37);
        for (int i = 0; i < parameter.Length; i += 13)
        {
            parameter.Gradients[i] = value;
            Assert.False(double.IsFinite(new GradientNorm(parameters.All).Compute()));
            parameter.Gradients[i] = 0;
        }

        parameter.Gradients.Fill(float.MaxValue);
        Assert.Equal(float.MaxValue * Math.Sqrt(parameter.Length), new GradientNorm(parameters.All).Compute(), 1e30);
    }

    [Theory]
    [InlineData(10, 1, 0.1)]
    [InlineData(0.5, 1, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(10, 0, 1)]
    public void A_norm_is_scaled_down_to_the_limit_never_up(double norm, double limit, double scale) =>
        Assert.Equal(scale, GradientNorm.Scale(norm, limit), 1e-7);
}
