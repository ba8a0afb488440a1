namespace BertSharp;

/// <summary>Figures of an embedding model.</summary>
internal static class EmbeddingEvaluation
{
    private const int Depth = 10;

    /// <summary>How the similarity of two texts goes with the score that people gave them.</summary>
    /// <param name="embedder">The model.</param>
    /// <param name="pairs">At least one.</param>
    /// <param name="progress">Receives the number of texts done.</param>
    /// <param name="cancellation">Checked between blocks and layers.</param>
    public static IReadOnlyList<KeyValuePair<string, double>> Of(SentenceEmbedder embedder, IReadOnlyList<ScoredPair> pairs, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        float[][] vectors = embedder.Embed([.. pairs.Select(pair => pair.Sentence1), .. pairs.Select(pair => pair.Sentence2)], null, progress, cancellation);
        double[] found = [.. Enumerable.Range(0, pairs.Count).Select(i => (double)embedder.Similarity(vectors[i], vectors[pairs.Count + i]))];
        double[] given = [.. pairs.Select(pair => pair.Score)];
        return [new("pearson", Correlation.Pearson(given, found)), new("spearman", Correlation.Spearman(given, found))];
    }

    /// <summary>How well the nearest documents answer queries: every document is compared with every query.</summary>
    /// <param name="embedder">The model.</param>
    /// <param name="set">Documents, queries and judgments.</param>
    /// <param name="progress">Receives the number of texts done.</param>
    /// <param name="cancellation">Checked between blocks and layers.</param>
    public static IReadOnlyList<KeyValuePair<string, double>> Of(SentenceEmbedder embedder, RetrievalSet set, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        float[][] vectors = embedder.Embed([.. set.Documents.Select(document => document.Text), .. set.Queries.Select(query => query.Text)], null, progress, cancellation);
        RetrievalScores scores = RetrievalScores.Mean(set.Judgments, set.Queries.Select((query, i) => KeyValuePair.Create<string, IReadOnlyList<(string, float)>>(
            query.Id, [.. set.Documents.Select((document, j) => (document.Id, embedder.Similarity(vectors[set.Documents.Count + i], vectors[j])))])), Depth);
        return [new("ndcg_cut_10", scores.Ndcg), new("recip_rank", scores.ReciprocalRank), new("recall_10", scores.Recall), new("map", scores.AveragePrecision)];
    }
}
