namespace BertSharp;

/// <summary>
/// Figures of a search as trec_eval computes them: documents by score, equal scores by name, both descending; a document
/// that was not judged is irrelevant.
/// </summary>
/// <param name="Ndcg">Normalised discounted cumulative gain of the first k, with the grade as gain (<c>ndcg_cut</c>).</param>
/// <param name="ReciprocalRank">One over the rank of the first relevant document; 0 where none was found (<c>recip_rank</c>).</param>
/// <param name="Recall">The share of relevant documents among the first k (<c>recall</c>).</param>
/// <param name="Precision">The share of the first k that is relevant (<c>P</c>).</param>
/// <param name="AveragePrecision">The mean precision at the relevant documents (<c>map</c>).</param>
internal readonly record struct RetrievalScores(double Ndcg, double ReciprocalRank, double Recall, double Precision, double AveragePrecision)
{
    /// <summary>The figures of one query.</summary>
    /// <param name="grades">The judged documents; above 0 they are relevant.</param>
    /// <param name="found">The documents that were found, with their scores, in any order.</param>
    /// <param name="k">How many of them count for <see cref="Ndcg"/>, <see cref="Recall"/> and <see cref="Precision"/>.</param>
    public static RetrievalScores Of(IReadOnlyDictionary<string, int> grades, IEnumerable<(string Id, float Score)> found, int k)
    {
        int[] ideal = [.. grades.Values.Where(grade => grade > 0).OrderDescending()];
        int[] gains = [.. found.OrderByDescending(document => document.Score).ThenByDescending(document => document.Id, StringComparer.Ordinal)
            .Select(document => Math.Max(0, grades.GetValueOrDefault(document.Id)))];
        if (ideal.Length == 0)
        {
            return default;
        }

        double precisions = 0;
        int seen = 0, first = Array.FindIndex(gains, gain => gain > 0);
        for (int i = 0; i < gains.Length; i++)
        {
            precisions += gains[i] > 0 ? (double)++seen / (i + 1) : 0;
        }

        double top = gains.Take(k).Count(gain => gain > 0);
        return new RetrievalScores(Gain(gains.Take(k)) / Gain(ideal.Take(k)), first < 0 ? 0 : 1.0 / (first + 1), top / ideal.Length, top / k, precisions / ideal.Length);
    }

    /// <summary>The mean over queries that were searched for and are judged.</summary>
    /// <param name="judgments">For each query its judged documents.</param>
    /// <param name="run">For each query what was found.</param>
    /// <param name="k">How many documents count.</param>
    /// <exception cref="ArgumentException">No query of the run is judged.</exception>
    public static RetrievalScores Mean(
        IReadOnlyDictionary<string, Dictionary<string, int>> judgments, IEnumerable<KeyValuePair<string, IReadOnlyList<(string Id, float Score)>>> run, int k)
    {
        RetrievalScores[] queries = [.. run.Where(query => judgments.ContainsKey(query.Key)).Select(query => Of(judgments[query.Key], query.Value, k))];
        return queries.Length == 0 ? throw new ArgumentException("No query of the run is judged; do the names of queries fit?", nameof(run)) : new RetrievalScores(
            queries.Average(query => query.Ndcg), queries.Average(query => query.ReciprocalRank), queries.Average(query => query.Recall),
            queries.Average(query => query.Precision), queries.Average(query => query.AveragePrecision));
    }

    private static double Gain(IEnumerable<int> gains) => gains.Select((gain, i) => gain / Math.Log2(i + 2)).Sum();
}
