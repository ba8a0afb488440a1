namespace BertSharp;

/// <summary>
/// How often a masked language model tells whole words: 15 % of the words are masked with all their pieces, always by [MASK], the
/// same ones each time. A word counts where every piece of it is the most probable one.
/// </summary>
internal static class MaskedWordEvaluation
{
    /// <summary>Examples of a store that are measured, at most; some 30,000 words at 128 tokens, so that a figure is exact to half a point.</summary>
    public const int MaxExamples = 2000;

    private const int BatchSize = 16;

    /// <summary>
    /// Loss and perplexity of a piece; the share of words that are right, with and without punctuation marks among them; and what
    /// counting the words of a text would reach on the same ones.
    /// </summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="model">The model.</param>
    /// <param name="heldOut">Examples that it was not trained on.</param>
    /// <param name="counted">The text of the baselines; null: none are given.</param>
    /// <param name="progress">Receives the number of examples done.</param>
    /// <param name="cancellation">Checked between batches and layers.</param>
    public static IReadOnlyList<KeyValuePair<string, double>> Of(
        BertTokenizer tokenizer, BertForMaskedLM model, PretrainingData heldOut, PretrainingData? counted, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        WordKeys keys = new(tokenizer);
        MaskedBatch[] batches = [.. Batches(heldOut)];
        MaskedWord[] words = [.. batches.SelectMany(keys.MaskedIn)];
        NeighbourCounts? counts = counted is null ? null : NeighbourCounts.Of(counted, keys, words, cancellation);
        List<(double Loss, bool Right)> pieces = Predict(model, batches, progress, cancellation);
        bool[] right = WholeWords(words, pieces);
        LanguageModelScores scores = new(pieces.Sum(piece => piece.Loss), pieces.Count(piece => piece.Right), pieces.Count);
        return
        [
            new("loss", scores.Loss), new("perplexity", scores.Perplexity), new("accuracy", scores.Accuracy),
            .. Figures("", _ => true, lettered: false), .. Figures("_without_punctuation", word => !keys.IsPunctuation(word), lettered: true),
        ];

        IEnumerable<KeyValuePair<string, double>> Figures(string suffix, Func<ulong, bool> isMeasured, bool lettered)
        {
            int[] measured = [.. Enumerable.Range(0, words.Length).Where(i => isMeasured(words[i].Word))];
            yield return new("words" + suffix, measured.Length);
            yield return new("word_accuracy" + suffix, Share(measured, i => right[i]));
            if (counts is not null)
            {
                yield return new("commonest_word" + suffix, Share(measured, i => words[i].Word == counts.Guess(lettered)));
                yield return new("commonest_between_neighbours" + suffix, Share(measured, i => words[i].Word == counts.Guess(words[i], lettered)));
            }
        }
    }

    private static IEnumerable<MaskedBatch> Batches(PretrainingData heldOut)
    {
        int count = (int)Math.Min(MaxExamples, heldOut.Count);
        for (int first = 0; first < count; first += BatchSize)
        {
            yield return heldOut.Batch(first, Math.Min(BatchSize, count - first), PretrainingScore.Masking);
        }
    }

    private static List<(double Loss, bool Right)> Predict(BertForMaskedLM model, MaskedBatch[] batches, IProgress<int>? progress, CancellationToken cancellation)
    {
        List<(double, bool)> pieces = [];
        using HeadOutput output = new();
        int done = 0;
        foreach (MaskedBatch batch in batches)
        {
            int[] positions = [.. Enumerable.Range(0, batch.Labels.Length).Where(token => batch.Labels[token] != TokenMasking.NotPredicted)];
            model.Forward(new TokenBatch(batch.InputIds, batch.TokenTypeIds, batch.Offsets), positions, output, cancellation: cancellation);
            for (int i = 0; i < positions.Length; i++)
            {
                ReadOnlySpan<float> logits = output.Logits.Row(i);
                int label = batch.Labels[positions[i]];
                pieces.Add((Losses.NegativeLogLikelihood(logits, label), ScoredToken.IndexOfLargest(logits) == label));
            }

            progress?.Report(done += batch.Count);
        }

        return pieces;
    }

    private static bool[] WholeWords(MaskedWord[] words, List<(double Loss, bool Right)> pieces)
    {
        bool[] right = new bool[words.Length];
        int first = 0;
        for (int i = 0; i < words.Length; i++)
        {
            right[i] = pieces.GetRange(first, words[i].Pieces).TrueForAll(piece => piece.Right);
            first += words[i].Pieces;
        }

        return right;
    }

    private static double Share(int[] measured, Func<int, bool> isRight) => measured.Length == 0 ? 0 : measured.Count(isRight) / (double)measured.Length;
}
