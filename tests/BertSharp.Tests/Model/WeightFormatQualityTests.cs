namespace BertSharp.Tests;

/// <summary>What fewer bytes cost: all-MiniLM-L6-v2 on the test sentences of the STS benchmark, against its float32 embeddings.</summary>
public sealed class WeightFormatQualityTests(ITestOutputHelper log)
{
    private const double Published = 82.03;

    [Theory]
    [InlineData(WeightFormat.BFloat16, 0.9999, 0.1)]
    [InlineData(WeightFormat.Int8, 0.995, 0.5)]
    [InlineData(WeightFormat.Int8Dynamic, 0.995, 0.5)]
    [Trait("suite", "long")]
    public void Embeddings_of_all_test_sentences_are_near_and_correlate_as_published(WeightFormat format, double cosine, double points)
    {
        IReadOnlyList<ScoredPair> pairs = StsBenchmark.Test();
        double correlation = Measure(format, pairs, cosine);
        Assert.Equal(1379, pairs.Count);
        Assert.Equal(Published, correlation, points);
    }

    [Theory]
    [InlineData(WeightFormat.BFloat16, 0.9999)]
    [InlineData(WeightFormat.Int8, 0.995)]
    [InlineData(WeightFormat.Int8Dynamic, 0.995)]
    public void Embeddings_of_a_share_of_the_test_sentences_are_near(WeightFormat format, double cosine) =>
        Measure(format, [.. StsBenchmark.Test().Where((_, i) => i % 14 == 0)], cosine);

    private double Measure(WeightFormat format, IReadOnlyList<ScoredPair> pairs, double least)
    {
        string folder = SharedData.Require("models", "real", "all-MiniLM-L6-v2");
        using BertModel exact = BertModel.Load(folder), rounded = BertModel.Load(folder, format);
        TokenBatch batch = BertTokenizer.Load(folder).Encode([.. pairs.Select(pair => pair.Sentence1), .. pairs.Select(pair => pair.Sentence2)]);
        double[][] expected = Embed(exact, batch), found = Embed(rounded, batch);
        double[] cosines = [.. expected.Zip(found, Cosine).Order()];
        double[] scores = [.. Enumerable.Range(0, pairs.Count).Select(i => Cosine(found[i], found[pairs.Count + i]))];
        double correlation = 100 * Correlation.Spearman(scores, [.. pairs.Select(pair => pair.Score)]);
        log.WriteLine($"{format}: cosine at least {cosines[0]:F5}, first percentile {cosines[cosines.Length / 100]:F5}, median {cosines[cosines.Length / 2]:F5}; Spearman {correlation:F2}");
        Assert.InRange(cosines[cosines.Length / 100], least, 1.000001);
        return correlation;
    }

    /// <summary>The mean of each sequence's last hidden states.</summary>
    private static double[][] Embed(BertModel model, TokenBatch batch)
    {
        using BertOutput output = model.Forward(batch);
        return [.. Enumerable.Range(0, output.Count).Select(i =>
        {
            FloatMatrix rows = output.Sequence(i);
            return Enumerable.Range(0, rows.Columns).Select(column => Enumerable.Range(0, rows.Rows).Average(row => (double)rows[row, column])).ToArray();
        })];
    }

    private static double Cosine(double[] x, double[] y) =>
        Dot(x, y) / Math.Sqrt(Dot(x, x) * Dot(y, y));

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();
}
