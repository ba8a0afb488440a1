namespace BertSharp;

/// <summary>Figures of SQuAD in percent.</summary>
/// <param name="Exact">The share of answers that are right as a whole.</param>
/// <param name="F1">The mean F1 over words.</param>
/// <param name="Total">Questions.</param>
internal sealed record SquadScores(double Exact, double F1, int Total)
{
    /// <summary>
    /// The figures of SQuAD 1.1 (<c>evaluate-v1.1.py</c>): of each question the best over the given answers; one without a
    /// prediction counts 0.
    /// </summary>
    /// <exception cref="ArgumentException">A question has two predictions, or there are no questions.</exception>
    public static SquadScores Version1(IReadOnlyList<SquadQuestion> questions, IReadOnlyList<SquadPrediction> predictions)
    {
        Dictionary<string, SquadPrediction> found = SquadPrediction.ById(predictions);
        double exact = 0, f1 = 0;
        foreach (SquadQuestion question in questions)
        {
            if (found.TryGetValue(question.Id, out SquadPrediction? prediction))
            {
                exact += question.Answers.Max(answer => SquadText.ExactMatch(prediction.Text, answer.Text));
                f1 += question.Answers.Max(answer => SquadText.F1(prediction.Text, answer.Text));
            }
        }

        return questions.Count > 0 ? new SquadScores(100 * exact / questions.Count, 100 * f1 / questions.Count, questions.Count)
            : throw new ArgumentException("There are no questions.", nameof(questions));
    }
}
