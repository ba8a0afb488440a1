namespace BertSharp.Tests;

/// <summary>Poolings and normalisation, run backwards, against central differences of their formulas in float64.</summary>
public sealed class PoolingTests
{
    private const int Width = 5;

    [Theory]
    [InlineData(PoolingMode.Cls, 0)]
    [InlineData(PoolingMode.LastToken, 0)]
    [InlineData(PoolingMode.Max, 0)]
    [InlineData(PoolingMode.Max, 2)]
    [InlineData(PoolingMode.Mean, 0)]
    [InlineData(PoolingMode.Mean, 2)]
    [InlineData(PoolingMode.MeanSqrtLen, 1)]
    [InlineData(PoolingMode.WeightedMean, 0)]
    [InlineData(PoolingMode.WeightedMean, 2)]
    internal void A_poolings_gradient_agrees_with_central_differences_and_is_added(PoolingMode mode, int promptTokens)
    {
        float[] x = Numbers.Array(6 * Width, seed: 1), dVector = Numbers.Array(Width, seed: 2), before = Numbers.Array(x.Length, seed: 3);
        using PinnedMatrix tokens = new(x, 6), dTokens = new(before, 6);
        EmbeddingModules.PoolBackward(mode, tokens.Matrix, promptTokens, dVector, dTokens.Matrix);
        float[] added = [.. dTokens.Values.Zip(before, (after, earlier) => after - earlier)];
        CentralDifferences.AssertAgree(values => Pool(mode, values, promptTokens).Zip(dVector, (v, d) => v * d).Sum(), x, added);
    }

    [Fact]
    public void Poolings_of_nothing_but_the_prompt_have_no_gradient()
    {
        using PinnedMatrix tokens = new(Numbers.Array(2 * Width, seed: 4), 2), dTokens = new(new float[2 * Width], 2);
        foreach (PoolingMode mode in (PoolingMode[])[PoolingMode.Max, PoolingMode.Mean, PoolingMode.MeanSqrtLen, PoolingMode.WeightedMean])
        {
            EmbeddingModules.PoolBackward(mode, tokens.Matrix, 3, Numbers.Array(Width, seed: 5), dTokens.Matrix);
        }

        Assert.All(dTokens.Values, value => Assert.Equal(0, value));
    }

    [Fact]
    public void The_first_of_equal_largest_values_gets_the_gradient()
    {
        using PinnedMatrix tokens = new([1, 2, 2], 3), dTokens = new([0, 0, 0], 3);
        Pooling.MaxBackward(tokens.Matrix, [7], dTokens.Matrix);
        Assert.Equal([0, 7, 0], dTokens.Values);
    }

    [Fact]
    public void The_gradient_of_a_unit_vector_agrees_with_central_differences()
    {
        float[] x = Numbers.Array(37, seed: 6), dUnit = Numbers.Array(37, seed: 7), unit = [.. x], gradient = [.. dUnit];
        Similarity.NormalizeBackward(unit, Similarity.Normalize(unit), gradient);
        CentralDifferences.AssertAgree(values => values.Zip(dUnit, (v, d) => v * d).Sum() / Math.Sqrt(values.Sum(v => v * v)), x, gradient, 1e-5);
    }

    private static double[] Pool(PoolingMode mode, double[] values, int promptTokens)
    {
        double[][] tokens = [.. values.Chunk(Width)], kept = tokens[promptTokens..];
        return [.. Enumerable.Range(0, Width).Select(i => mode switch
        {
            PoolingMode.Cls => tokens[0][i],
            PoolingMode.LastToken => tokens[^1][i],
            PoolingMode.Max => kept.Max(token => token[i]),
            PoolingMode.Mean => kept.Average(token => token[i]),
            PoolingMode.MeanSqrtLen => kept.Sum(token => token[i]) / Math.Sqrt(kept.Length),
            _ => kept.Select((token, at) => (promptTokens + at + 1) * token[i]).Sum() / kept.Select((_, at) => promptTokens + at + 1).Sum(),
        })];
    }
}
