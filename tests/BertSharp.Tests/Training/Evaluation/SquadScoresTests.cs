using System.Text.Json;

namespace BertSharp.Tests;

/// <summary>The figures of SQuAD, against those of the official scripts.</summary>
public sealed class SquadScoresTests
{
    [Theory]
    [InlineData("The  Cat's-eye, an apple!", "catseye apple")]
    [InlineData("a.b", "ab")]
    [InlineData("$5 (±1)", "5 ±1")]
    [InlineData("a² an–the x_the", "a² – xthe")]
    [InlineData("a\u001cb\u00a0the\u0301", "b \u0301")]
    [InlineData("İZMİR ΟΔΟΣ Σ", "i\u0307zmi\u0307r οδος σ")]
    [InlineData("ΟΔΟΣ", "οδος")]
    public void Answers_are_compared_without_case_punctuation_articles_and_spaces(string answer, string expected) =>
        Assert.Equal(expected, SquadText.Normalize(answer));

    [Theory]
    [InlineData("the red red cat", "a red cat", 0.8)]
    [InlineData("red", "green", 0)]
    [InlineData("the", "a", 0)]
    public void F1_counts_common_words_as_often_as_both_have_them(string found, string given, double expected) =>
        Assert.Equal(expected, SquadText.F1(found, given), 1e-12);

    [Theory]
    [InlineData("models__1.1__BERT (ensemble) (Google AI Language).json", 86.206, 92.196)]
    public void Published_predictions_score_as_published(string file, double exact, double f1)
    {
        IReadOnlyList<SquadQuestion> questions = SquadDev.Read();
        SquadScores scores = SquadScores.Version1(questions, Predictions($"data/squad/published-predictions/{file}", null));
        Assert.Equal((exact, f1, 10570), (Math.Round(scores.Exact, 3), Math.Round(scores.F1, 3), scores.Total));
    }

    [Fact]
    public void A_question_without_a_prediction_counts_nothing_in_version_1()
    {
        SquadQuestion question = new("q", "Who?", "Ada", [new SquadAnswer("Ada", 0)]);
        Assert.Equal(new SquadScores(50, 50, 2), SquadScores.Version1([question, question with { Id = "p" }], [new SquadPrediction("p", "ada")]));
    }

    [Theory]
    [InlineData("without_null_scores", false, 1)]
    [InlineData("with_null_scores_threshold_0.5", true, 0.5)]
    public void Version_2_has_the_official_figures(string part, bool nullScores, double threshold)
    {
        const string fixture = "data/squad/v2-fixture/";
        Dictionary<string, double>? none = nullScores ? JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllBytes(SharedData.Require(fixture + "na_prob.json"))) : null;
        Squad2Scores scores = Squad2Scores.Of(
            SquadQuestion.Read(SharedData.Require(fixture + "dev-v2-small.json")), Predictions(fixture + "predictions.json", none), threshold);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require(fixture + "scores.json")));
        Dictionary<string, double> expected = document.RootElement.GetProperty(part).Deserialize<Dictionary<string, double>>()!;
        Dictionary<string, double> found = new()
        {
            ["exact"] = scores.All.Exact,
            ["f1"] = scores.All.F1,
            ["total"] = scores.All.Total,
            ["HasAns_exact"] = scores.HasAnswer!.Exact,
            ["HasAns_f1"] = scores.HasAnswer.F1,
            ["HasAns_total"] = scores.HasAnswer.Total,
            ["NoAns_exact"] = scores.NoAnswer!.Exact,
            ["NoAns_f1"] = scores.NoAnswer.F1,
            ["NoAns_total"] = scores.NoAnswer.Total,
            ["best_exact"] = scores.BestExact.Score,
            ["best_exact_thresh"] = scores.BestExact.Threshold,
            ["best_f1"] = scores.BestF1.Score,
            ["best_f1_thresh"] = scores.BestF1.Threshold,
        };
        Assert.Equal(expected.Keys.Order(), found.Keys.Order());
        Assert.All(expected, figure => Assert.Equal(figure.Value, found[figure.Key], 1e-9));
    }

    [Fact]
    public void A_missing_or_second_prediction_is_refused()
    {
        SquadQuestion question = new("q7", "Who?", "Ada", []);
        Assert.Contains("q7 has no prediction", Assert.Throws<ArgumentException>(() => Squad2Scores.Of([question], [])).Message, StringComparison.Ordinal);
        Assert.Contains("q7 has two", Assert.Throws<ArgumentException>(() => Squad2Scores.Of([question], [new("q7", ""), new("q7", "")])).Message, StringComparison.Ordinal);
    }

    private static SquadPrediction[] Predictions(string path, Dictionary<string, double>? none)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require(path)));
        return [.. document.RootElement.EnumerateObject().Select(answer => new SquadPrediction(answer.Name, answer.Value.GetString()!, none?[answer.Name] ?? 0))];
    }
}
