namespace BertSharp;

/// <summary>How often a masked language model fills a gap as people accept it.</summary>
internal static class ClozeEvaluation
{
    private const int Guesses = 5;

    /// <summary>The share of questions with an accepted word among the five most probable tokens, and as the first; of all, then of each kind.</summary>
    /// <param name="filler">The model.</param>
    /// <param name="questions">At least one.</param>
    /// <param name="progress">Receives the number of questions done.</param>
    /// <param name="cancellation">Checked between batches and layers.</param>
    /// <exception cref="BadRecordException">A text has no mask, or several, or it is cut before one.</exception>
    public static IReadOnlyList<KeyValuePair<string, double>> Of(MaskFiller filler, IReadOnlyList<ClozeQuestion> questions, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        foreach (ClozeQuestion question in questions)
        {
            if (filler.ProblemOf(question.Text) is { } problem)
            {
                throw BadRecordException.At(question.Place, problem);
            }
        }

        IReadOnlyList<FilledText> filled = filler.Fill([.. questions.Select(question => question.Text)], new FillOptions { TopK = Guesses }, progress, cancellation);
        (string? Kind, int Rank)[] ranks = [.. questions.Zip(filled, (question, text) => (question.Kind, RankOf(question, text)))];
        return
        [
            .. Figures("", ranks),
            .. ranks.Where(rank => rank.Kind is not null).GroupBy(rank => rank.Kind).SelectMany(kind => Figures($"{kind.Key}_", [.. kind])),
        ];
    }

    private static IEnumerable<KeyValuePair<string, double>> Figures(string prefix, (string?, int Rank)[] ranks) =>
    [
        new($"{prefix}questions", ranks.Length),
        new($"{prefix}top_{Guesses}", ranks.Average(rank => rank.Rank < Guesses ? 1.0 : 0.0)),
        new($"{prefix}first", ranks.Average(rank => rank.Rank == 0 ? 1.0 : 0.0)),
    ];

    // The rank of the best accepted word, from 0. Models without capitals answer without.
    private static int RankOf(ClozeQuestion question, FilledText text)
    {
        if (text.Masks.Count != 1)
        {
            throw BadRecordException.At(question.Place, $"the text has {text.Masks.Count} masks; expected one");
        }

        int rank = text.Guesses.TakeWhile(guess => !question.Accepted.Contains(guess.Token, StringComparer.OrdinalIgnoreCase)).Count();
        return rank < text.Guesses.Count ? rank : int.MaxValue;
    }
}
