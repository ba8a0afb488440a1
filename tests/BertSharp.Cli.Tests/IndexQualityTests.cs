using System.Globalization;
using System.Text.Json;

namespace BertSharp.Cli.Tests;

/// <summary>
/// The published figures of all-MiniLM-L6-v2, measured on what <c>bert search</c> prints: SciFact nDCG@10 64.5, STS-B Spearman
/// 82.03; int8 within half a point of them, binary with rescoring within one and a half.
/// </summary>
public sealed class IndexQualityTests(ITestOutputHelper output)
{
    private const string Model = "all-MiniLM-L6-v2";

    [Fact]
    [Trait("suite", "long")]
    public void SciFact_has_the_published_ndcg_in_every_precision()
    {
        SharedData.Require("models", "real", Model);
        string data = SharedData.Require("data", "scifact"), index = Workplace.New();
        ToolResult built = Tool.Jit.Within(30).Run("index", "-m", Model, "--input", Path.Combine(data, "corpus.jsonl"), "--column", "title,text", "--id-column", "id", "--output", index);
        Assert.Equal(0, built.ExitCode); // Long abstracts are cut, and a warning says so.
        double exact = Ndcg(index, data), int8 = Ndcg(InPrecision(index, IndexPrecision.Int8), data), binary = Ndcg(InPrecision(index, IndexPrecision.Binary), data);
        output.WriteLine($"nDCG@10: float32 {exact:F2}, int8 {int8:F2}, binary {binary:F2}");
        Assert.Equal(64.5, exact, 0.05);
        Assert.Equal(exact, int8, 0.5);
        Assert.Equal(exact, binary, 1.5);
    }

    [Theory]
    [InlineData("float32", 0.005)]
    [InlineData("int8", 0.5)]
    [InlineData("binary", 1.5)]
    [Trait("suite", "long")]
    public void Sts_benchmark_has_the_published_correlation(string precision, double tolerance)
    {
        SharedData.Require("models", "real", Model);
        string[][] rows = [.. File.ReadLines(SharedData.Require("data", "stsbenchmark", "sts-test.csv")).Select(line => line.Split('\t'))];
        string index = Workplace.New(), found = Workplace.New();
        string left = Workplace.Write($"left-{precision}.txt", string.Concat(rows.Select(row => row[5] + "\n")));
        string right = Workplace.Write($"right-{precision}.txt", string.Concat(rows.Select(row => row[6] + "\n")));
        Tool.Jit.Run("index", "-m", Model, "--input", right, "--precision", precision, "--output", index).Succeeded();
        Tool.Jit.Run("search", index, "--input", left, "--top-k", "2000", "--format", "jsonl", "--output", found).Succeeded();
        double[] scores = [.. File.ReadLines(found).Select((line, i) => ScoreOf(line, i.ToString(CultureInfo.InvariantCulture)))];
        double correlation = 100 * Correlation.Spearman(scores, [.. rows.Select(row => double.Parse(row[4], CultureInfo.InvariantCulture))]);
        output.WriteLine($"Spearman: {precision} {correlation:F2}");
        Assert.Equal(1379, scores.Length);
        Assert.Equal(82.03, correlation, tolerance);
    }

    private static double ScoreOf(string line, string id)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("results").EnumerateArray().Single(result => result.GetProperty("id").GetString() == id).GetProperty("score").GetDouble();
    }

    /// <summary>The same vectors in another precision: they are the ones that bert index --precision would embed again.</summary>
    private static string InPrecision(string path, IndexPrecision precision)
    {
        using SemanticIndex exact = SemanticIndex.Load(path);
        using SemanticIndex index = SemanticIndex.Build(exact.Dimension, Enumerable.Range(0, exact.Count).Select(i =>
        {
            float[] vector = new float[exact.Dimension];
            exact.CopyVector(i, vector);
            return (exact[i], vector);
        }), new IndexOptions { Precision = precision, Model = exact.Model });
        string saved = Workplace.New();
        index.Save(saved);
        return saved;
    }

    private static double Ndcg(string index, string data)
    {
        string[] lines = Tool.Jit.Run("search", index, "--input", Path.Combine(data, "queries.jsonl"), "--id-column", "id", "--top-k", "10", "--format", "jsonl").Succeeded().Lines;
        Assert.Equal(300, lines.Length);
        return 100 * RetrievalScores.Mean(RelevanceJudgments.Read(Path.Combine(data, "qrels.tsv")), lines.Select(FoundIn), 10).Ndcg;
    }

    private static KeyValuePair<string, IReadOnlyList<(string Id, float Score)>> FoundIn(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return new(document.RootElement.GetProperty("id").GetString()!, [.. document.RootElement.GetProperty("results").EnumerateArray()
            .Select(result => (result.GetProperty("id").GetString()!, result.GetProperty("score").GetSingle()))]);
    }
}
