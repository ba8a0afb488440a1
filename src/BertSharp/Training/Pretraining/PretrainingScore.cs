namespace BertSharp;

/// <summary>
/// How well a model predicts held-out examples: 15 % of the words masked whole, always by [MASK], the same ones each time; and
/// next sentences, where it was trained on pairs.
/// </summary>
internal static class PretrainingScore
{
    /// <summary>Examples that run at once: their logits stay within some tens of MiB.</summary>
    private const int BatchSize = 16;

    /// <summary>The figure that decides.</summary>
    public const string Metric = "loss";

    /// <summary>What held-out examples are masked by.</summary>
    public static readonly MaskingOptions Masking = new() { Share = 0.15, MaskShare = 1, RandomShare = 0, WholeWord = true };

    /// <summary>Loss (that of all terms), perplexity and the share of right tokens over the first examples of a store.</summary>
    public static Validation Measure(PreTrainedModel model, PretrainingData data, int examples, CancellationToken cancellation)
    {
        int count = (int)Math.Min(examples, data.Count);
        Sums tokens = default, next = default;
        for (int first = 0; first < count; first += BatchSize)
        {
            Add(model, data.Batch(first, Math.Min(BatchSize, count - first), Masking), ref tokens, ref next, cancellation);
        }

        double loss = tokens.Loss / tokens.Count;
        List<KeyValuePair<string, double>> figures = [new(Metric, loss + next.MeanLoss), new("perplexity", Math.Exp(loss)), new("accuracy", tokens.Right / (double)tokens.Count)];
        if (next.Count > 0)
        {
            figures.Add(new("next_sentence_accuracy", next.Right / (double)next.Count));
        }

        return new Validation(Metric, HigherIsBetter: false, figures);
    }

    private static void Add(PreTrainedModel model, MaskedBatch batch, ref Sums tokens, ref Sums next, CancellationToken cancellation)
    {
        TokenBatch input = new(batch.InputIds, batch.TokenTypeIds, batch.Offsets);
        int[] positions = [.. Enumerable.Range(0, batch.Labels.Length).Where(token => batch.Labels[token] != Losses.Ignored)];
        int[] labels = [.. positions.Select(token => batch.Labels[token])];
        if (model is BertForPreTraining both)
        {
            using PreTrainingOutput output = both.Forward(input, positions, cancellation: cancellation);
            tokens.Add(output.PredictionLogits, labels);
            next.Add(output.SeqRelationshipLogits, batch.NextSentence);
        }
        else
        {
            using HeadOutput output = ((BertForMaskedLM)model).Forward(input, positions, cancellation: cancellation);
            tokens.Add(output.Logits, labels);
        }
    }

    private struct Sums
    {
        public double Loss { get; private set; }

        public long Right { get; private set; }

        public long Count { get; private set; }

        public readonly double MeanLoss => Count == 0 ? 0 : Loss / Count;

        public void Add(FloatMatrix logits, int[] labels)
        {
            for (int i = 0; i < labels.Length; i++)
            {
                ReadOnlySpan<float> row = logits.Row(i);
                Loss += Losses.NegativeLogLikelihood(row, labels[i]);
                Right += IsLargest(row, labels[i]) ? 1 : 0;
                Count++;
            }
        }

        private static bool IsLargest(ReadOnlySpan<float> row, int label)
        {
            foreach (float value in row)
            {
                if (value > row[label])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
