namespace BertSharp.Tests;

/// <summary>The scores, against figures that the official script gives.</summary>
public sealed class SquadTests
{
    [Theory]
    [InlineData("The  Cat's-eye, an apple!", "catseye apple")]
    [InlineData("a.b", "ab")]
    [InlineData("$5 (±1)", "5 ±1")]
    public void Answers_are_compared_without_case_punctuation_articles_and_spaces(string answer, string expected) =>
        Assert.Equal(expected, Squad.Normalize(answer));

    [Fact]
    public void Googles_published_predictions_score_as_published()
    {
        string file = SharedData.Require("data/squad/published-predictions/models__1.1__BERT (ensemble) (Google AI Language).json");
        using System.Text.Json.JsonDocument predictions = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(file));
        SquadQuestion[] questions = [.. Squad.Dev().SelectMany(article => article)];
        (double Exact, double F1)[] scores = [.. questions.Select(question => (question, found: predictions.RootElement.GetProperty(question.Id).GetString()!))
            .Select(pair => (Squad.ExactMatch(pair.found, pair.question.Answers), Squad.F1(pair.found, pair.question.Answers)))];
        Assert.Equal(10570, scores.Length);
        Assert.Equal((86.206, 92.196), (Math.Round(100 * scores.Average(score => score.Exact), 3), Math.Round(100 * scores.Average(score => score.F1), 3)));
    }
}
