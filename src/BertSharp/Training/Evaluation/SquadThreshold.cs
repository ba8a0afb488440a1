namespace BertSharp;

/// <summary>The threshold above which no answer is given, and what it gives.</summary>
/// <param name="Score">The figure in percent.</param>
/// <param name="Threshold">The highest <see cref="SquadPrediction.NoAnswer"/> at which the model's answer is taken.</param>
internal readonly record struct SquadThreshold(double Score, double Threshold)
{
    /// <summary>
    /// The best threshold (<c>find_best_thresh</c> of the official script): from no answer to any question, the answers are
    /// admitted one by one, those least likely to be none first.
    /// </summary>
    public static SquadThreshold Best(IReadOnlyList<Outcome> outcomes)
    {
        double score = outcomes.Count(outcome => !outcome.HasAnswer);
        (double best, double threshold) = (score, 0);
        foreach (Outcome outcome in outcomes.OrderBy(outcome => outcome.NoAnswer))
        {
            score += outcome.HasAnswer ? outcome.Score : outcome.Answered ? -1 : 0;
            if (score > best)
            {
                (best, threshold) = (score, outcome.NoAnswer);
            }
        }

        return new SquadThreshold(100 * best / outcomes.Count, threshold);
    }

    /// <summary>What one question gives.</summary>
    /// <param name="NoAnswer">How sure the model is that there is no answer.</param>
    /// <param name="HasAnswer">Whether there is one.</param>
    /// <param name="Answered">Whether the model's text is not empty.</param>
    /// <param name="Score">What its text scores, whatever the threshold.</param>
    internal readonly record struct Outcome(double NoAnswer, bool HasAnswer, bool Answered, double Score);
}
