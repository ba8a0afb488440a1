namespace BertSharp;

/// <summary>Figures of SQuAD 2.0 (<c>evaluate-v2.0.py</c>), where some questions have no answer.</summary>
/// <param name="All">Over all questions.</param>
/// <param name="HasAnswer">Over those with an answer; null: there are none.</param>
/// <param name="NoAnswer">Over those without; null: there are none.</param>
/// <param name="BestExact">The best that any threshold of <see cref="SquadPrediction.NoAnswer"/> gives.</param>
/// <param name="BestF1">The same for F1.</param>
internal sealed record Squad2Scores(SquadScores All, SquadScores? HasAnswer, SquadScores? NoAnswer, SquadThreshold BestExact, SquadThreshold BestF1)
{
    /// <summary>Scores predictions.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="predictions">One for each; the order decides between thresholds of equal <see cref="SquadPrediction.NoAnswer"/>, as in the script.</param>
    /// <param name="threshold">Above it a prediction counts as no answer, whatever its text.</param>
    /// <exception cref="ArgumentException">A question has not one prediction.</exception>
    public static Squad2Scores Of(IReadOnlyList<SquadQuestion> questions, IReadOnlyList<SquadPrediction> predictions, double threshold = 1)
    {
        Dictionary<string, SquadPrediction> found = SquadPrediction.ById(predictions);
        Dictionary<string, (SquadQuestion Question, double Exact, double F1)> raw = [];
        foreach (SquadQuestion question in questions)
        {
            string text = found.TryGetValue(question.Id, out SquadPrediction? prediction) ? prediction.Text
                : throw new ArgumentException($"The question {question.Id} has no prediction; predict an empty text for no answer.", nameof(predictions));
            string[] given = GivenAnswers(question);
            raw.Add(question.Id, (question, given.Max(answer => SquadText.ExactMatch(text, answer)), given.Max(answer => F1(text, answer))));
        }

        (SquadQuestion Question, double Exact, double F1)[] scored = [.. raw.Values.Select(score =>
        {
            double none = HasAnswers(score.Question) ? 0 : 1;
            return found[score.Question.Id].NoAnswer > threshold ? (score.Question, none, none) : score;
        })];
        return new Squad2Scores(
            Mean(scored)!, Mean([.. scored.Where(score => HasAnswers(score.Question))]), Mean([.. scored.Where(score => !HasAnswers(score.Question))]),
            SquadThreshold.Best(Outcomes(score => score.Exact)), SquadThreshold.Best(Outcomes(score => score.F1)));

        List<SquadThreshold.Outcome> Outcomes(Func<(SquadQuestion, double Exact, double F1), double> of) =>
            [.. predictions.Where(prediction => raw.ContainsKey(prediction.Id)).Select(prediction => new SquadThreshold.Outcome(
                prediction.NoAnswer, HasAnswers(raw[prediction.Id].Question), prediction.Text.Length > 0, of(raw[prediction.Id])))];
    }

    private static bool HasAnswers(SquadQuestion question) => question.Answers.Count > 0;

    private static SquadScores? Mean((SquadQuestion, double Exact, double F1)[] scores) =>
        scores.Length == 0 ? null : new SquadScores(100 * scores.Average(score => score.Exact), 100 * scores.Average(score => score.F1), scores.Length);

    // Answers that are nothing but articles and punctuation do not count.
    private static string[] GivenAnswers(SquadQuestion question) =>
        [.. question.Answers.Select(answer => answer.Text).Where(answer => SquadText.Normalize(answer).Length > 0).DefaultIfEmpty("")];

    // Where one of both is no answer, they agree wholly or not at all.
    private static double F1(string found, string given) =>
        SquadText.Words(found).Length == 0 || SquadText.Words(given).Length == 0 ? SquadText.ExactMatch(found, given) : SquadText.F1(found, given);
}
