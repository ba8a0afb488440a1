using System.Globalization;

namespace BertSharp;

/// <summary>Figures of a cross-encoder on queries with documents, each labelled 0 to 1.</summary>
internal static class RerankEvaluation
{
    private const int Depth = 10;

    /// <summary>
    /// How the documents of each query are ranked, from 0.5 on a document being relevant; and how often it is told rightly whether one is.
    /// </summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="model">The model, with one label.</param>
    /// <param name="examples">At least one: query, document, label.</param>
    /// <param name="progress">Receives the number of documents done.</param>
    /// <param name="cancellation">Checked between blocks and layers.</param>
    /// <exception cref="BadRecordException">An example is no query with a document, or its label not within 0 to 1.</exception>
    public static IReadOnlyList<KeyValuePair<string, double>> Of(BertTokenizer tokenizer, BertForSequenceClassification model, IReadOnlyList<TextExample> examples, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        int[] truth = [.. examples.Select(example => example.Relevance >= 0.5f ? 1 : 0)];
        float[][] logits = SequenceLogits.Of(model, TextExample.Encode(tokenizer, examples, TokenLimit.Of(model.Config, tokenizer)), progress, cancellation);
        ILookup<string, int> queries = Enumerable.Range(0, examples.Count).ToLookup(i => examples[i].Text);
        RetrievalScores ranking = RetrievalScores.Mean(
            queries.ToDictionary(query => query.Key, query => query.ToDictionary(NameOf, i => truth[i])),
            queries.Select(query => KeyValuePair.Create<string, IReadOnlyList<(string, float)>>(query.Key, [.. query.Select(i => (NameOf(i), logits[i][0]))])),
            Depth);
        ConfusionMatrix told = new(truth, [.. logits.Select(row => row[0] >= 0 ? 1 : 0)], classes: 2);
        return [new("ndcg_cut_10", ranking.Ndcg), new("recip_rank", ranking.ReciprocalRank), new("f1", told.Classes[1].F1), new("accuracy", told.Accuracy)];
    }

    private static string NameOf(int document) => document.ToString(CultureInfo.InvariantCulture);
}
