using System.Text.Json;

namespace BertSharp.Tests;

/// <summary>Figures against scikit-learn, scipy, seqeval and trec_eval.</summary>
public sealed class MetricsTests
{
    private const double Tolerance = 1e-12;

    [Fact]
    public void Classes_have_the_figures_of_scikit_learn()
    {
        JsonElement expected = Scores("classes");
        ConfusionMatrix found = new(expected.GetProperty("truth").Deserialize<int[]>()!, expected.GetProperty("predicted").Deserialize<int[]>()!, 3);
        int[][] confusion = expected.GetProperty("confusion").Deserialize<int[][]>()!;
        Assert.Equal(confusion.SelectMany(row => row), Enumerable.Range(0, 9).Select(i => (int)found[i / 3, i % 3]));
        Equal(expected, "accuracy", found.Accuracy);
        Equal(expected, "macro_f1", found.MacroF1);
        Equal(expected, "micro_f1", found.Total.F1);
        Equal(expected, "weighted_f1", found.Classes.Sum(counts => counts.F1 * counts.Given) / found.Total.Given);
        Equal(expected, "matthews", found.Matthews);
    }

    [Fact]
    public void Two_classes_have_the_figures_of_scikit_learn()
    {
        JsonElement expected = Scores("binary");
        ConfusionMatrix found = new(expected.GetProperty("truth").Deserialize<int[]>()!, expected.GetProperty("predicted").Deserialize<int[]>()!, 2);
        Equal(expected, "accuracy", found.Accuracy);
        Equal(expected, "precision", found.Classes[1].Precision);
        Equal(expected, "recall", found.Classes[1].Recall);
        Equal(expected, "f1", found.Classes[1].F1);
        Equal(expected, "matthews", found.Matthews);
    }

    [Fact]
    public void One_class_alone_gives_figures_not_nan()
    {
        ConfusionMatrix found = new([0, 0, 1], [0, 0, 0], 3);
        Assert.Equal((0.0, 2.0 / 3, 0.4), (found.Matthews, found.Accuracy, found.MacroF1));
        Assert.Equal((0.0, 0.0, 0.0), (found.Classes[2].Precision, found.Classes[2].Recall, found.Classes[2].F1));
    }

    [Fact]
    public void Several_labels_have_the_figures_of_scikit_learn()
    {
        JsonElement expected = Scores("multi_label");
        MultiLabelScores found = MultiLabelScores.Of(Rows("truth"), Rows("predicted"));
        Equal(expected, "micro_f1", found.MicroF1);
        Equal(expected, "macro_f1", found.MacroF1);
        Equal(expected, "subset_accuracy", found.SubsetAccuracy);

        bool[][] Rows(string name) => [.. expected.GetProperty(name).Deserialize<int[][]>()!.Select(row => row.Select(value => value == 1).ToArray())];
    }

    [Fact]
    public void Correlations_are_those_of_scipy()
    {
        JsonElement expected = Scores("regression");
        double[] truth = expected.GetProperty("truth").Deserialize<double[]>()!, predicted = expected.GetProperty("predicted").Deserialize<double[]>()!;
        Equal(expected, "pearson", Correlation.Pearson(truth, predicted));
        Equal(expected, "spearman", Correlation.Spearman(truth, predicted));
        Assert.True(double.IsNaN(Correlation.Spearman([1, 1, 1], [1, 2, 3])));
        Assert.True(double.IsNaN(Correlation.Pearson([1, double.NaN], [1, 2])));
    }

    [Fact]
    public void Lists_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Correlation.Pearson([1, 2], [1]));
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix([1], [], 2));
        Assert.Throws<ArgumentException>(() => MultiLabelScores.Of([], []));
        Assert.Throws<ArgumentException>(() => EntityScores.Of([(["O"], ["O", "O"])]));
    }

    [Fact]
    public void Perplexity_is_exp_of_the_mean_loss()
    {
        LanguageModelScores scores = new LanguageModelScores(Math.Log(8), 1, 2) + new LanguageModelScores(Math.Log(2), 0, 2);
        Assert.Equal(2, scores.Perplexity, Tolerance);
        Assert.Equal(0.25, scores.Accuracy);
        Assert.Equal((0.0, 1.0, 0.0), (default(LanguageModelScores).Loss, default(LanguageModelScores).Perplexity, default(LanguageModelScores).Accuracy));
    }

    [Fact]
    public void Entities_have_the_figures_of_seqeval()
    {
        JsonElement expected = Read("entities.json");
        (IReadOnlyList<string> Given, IReadOnlyList<string> Found)[] sentences =
            [.. Tags("truth").Zip(Tags("predicted"), (given, found) => ((IReadOnlyList<string>)given, (IReadOnlyList<string>)found))];
        MatchCounts all = EntityScores.Of(sentences);
        Equal(expected, "precision", all.Precision);
        Equal(expected, "recall", all.Recall);
        Equal(expected, "f1", all.F1);
        SortedDictionary<string, MatchCounts> types = EntityScores.ByType(sentences);
        Assert.Equal(["LOC", "ORG", "PER"], types.Keys);
        Assert.All(types, type => Equal(expected.GetProperty("report").GetProperty(type.Key), "f1-score", type.Value.F1));
        Assert.All(types, type => Equal(expected.GetProperty("report").GetProperty(type.Key), "support", type.Value.Given));
        Equal(expected.GetProperty("report").GetProperty("macro avg"), "f1-score", types.Values.Average(counts => counts.F1));

        string[][] Tags(string name) => expected.GetProperty(name).Deserialize<string[][]>()!;
    }

    /// <summary>Worked out by hand from the conditions of seqeval's get_entities.</summary>
    [Theory]
    [InlineData("B-PER I-PER O B-LOC", "PER 0-1, LOC 3-3")]
    [InlineData("I-PER I-PER I-LOC B-LOC", "PER 0-1, LOC 2-2, LOC 3-3")]
    [InlineData("B-a B-a I-b", "a 0-0, a 1-1, b 2-2")]
    [InlineData("B-a I-a E-a S-a E-a I-b", "a 0-2, a 3-3, a 4-4, b 5-5")]
    [InlineData("O B-creative-work I-creative-work", "creative-work 1-2")]
    [InlineData("B I O I", "_ 0-1, _ 3-3")]
    [InlineData("O O", "")]
    public void Tags_of_every_scheme_spell_entities(string tags, string expected) =>
        Assert.Equal(expected, string.Join(", ", EntitySpan.Of(tags.Split(' ')).Select(span => $"{span.Type} {span.First}-{span.Last}")));

    [Fact]
    public void Retrieval_has_the_figures_of_trec_eval()
    {
        JsonElement expected = Read("retrieval.json");
        Dictionary<string, Dictionary<string, int>> judgments = expected.GetProperty("qrels").Deserialize<Dictionary<string, Dictionary<string, int>>>()!;
        Dictionary<string, IReadOnlyList<(string Id, float Score)>> run = expected.GetProperty("run").Deserialize<Dictionary<string, Dictionary<string, float>>>()!
            .ToDictionary(query => query.Key, query => (IReadOnlyList<(string Id, float Score)>)[.. query.Value.Select(found => (found.Key, found.Value))]);
        Check(expected.GetProperty("mean"), k => RetrievalScores.Mean(judgments, run, k));
        Assert.All(run, query => Check(expected.GetProperty("per_query").GetProperty(query.Key), k => RetrievalScores.Of(judgments[query.Key], query.Value, k)));

        static void Check(JsonElement figures, Func<int, RetrievalScores> scores)
        {
            Equal(figures, "map", scores(5).AveragePrecision);
            Equal(figures, "recip_rank", scores(5).ReciprocalRank);
            Equal(figures, "P_5", scores(5).Precision);
            Equal(figures, "recall_5", scores(5).Recall);
            Equal(figures, "ndcg_cut_10", scores(10).Ndcg);
        }
    }

    private static void Equal(JsonElement expected, string name, double found) => Assert.Equal(expected.GetProperty(name).GetDouble(), found, Tolerance);

    private static JsonElement Scores(string part) => Read("scores.json").GetProperty(part);

    private static JsonElement Read(string file) => JsonElement.Parse(File.ReadAllBytes(SharedData.Require("training/metrics", file)));
}
