namespace BertSharp;

/// <summary>A sequence classifier, by the label that comes first; with a single label by its score.</summary>
internal sealed class LabelMeasure(string folder, BertConfig config)
    : QuantizationMeasure(folder, config, config.NumLabels == 1 ? "largest change of a score" : "share of texts whose first label changes")
{
    public override float[][] Answer(QuantizationConfig? quantization, TokenBatch batch, IProgress<int> progress, CancellationToken cancellation)
    {
        using BertForSequenceClassification model = BertForSequenceClassification.Load(Folder, quantization);
        float[][] scores = SequenceLogits.Of(model, batch, progress, cancellation);
        foreach (float[] row in scores)
        {
            LogitScores.Apply(TextClassifier.FunctionOf(Config), row);
        }

        return scores;
    }

    public override QuantizationDrop Compare(float[][] expected, float[][] found)
    {
        int changed = 0;
        double largest = 0;
        for (int text = 0; text < expected.Length; text++)
        {
            changed += First(expected[text]) == First(found[text]) ? 0 : 1;
            for (int label = 0; label < expected[text].Length; label++)
            {
                double change = Math.Abs((double)expected[text][label] - found[text][label]);
                largest = double.IsNaN(change) ? double.PositiveInfinity : Math.Max(largest, change);
            }
        }

        return new QuantizationDrop(Config.NumLabels == 1 ? largest : (double)changed / expected.Length, largest);
    }

    private static int First(float[] scores) => scores.Any(float.IsNaN) ? -1 : Array.IndexOf(scores, scores.Max());
}
