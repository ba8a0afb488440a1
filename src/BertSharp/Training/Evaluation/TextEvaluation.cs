namespace BertSharp;

/// <summary>Figures of a sequence classifier on labelled texts or pairs.</summary>
internal static class TextEvaluation
{
    /// <summary>
    /// Runs a model over examples. One label: Pearson's and Spearman's correlation with the examples' numbers; several labels an
    /// example (<c>problem_type</c>): F1 and the share that is wholly right, a label being given from probability 0.5 on; else accuracy,
    /// F1 (of two labels the positive one's, of more macro and micro) and Matthews' correlation.
    /// </summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="model">The model.</param>
    /// <param name="examples">At least one, each labelled.</param>
    /// <param name="names">What the examples call the model's labels.</param>
    /// <param name="progress">Receives the number of examples done.</param>
    /// <param name="cancellation">Checked between blocks and layers.</param>
    /// <exception cref="BadRecordException">A label is missing, or unknown.</exception>
    public static IReadOnlyList<KeyValuePair<string, double>> Of(
        BertTokenizer tokenizer, BertForSequenceClassification model, IReadOnlyList<TextExample> examples, LabelNames names, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        TokenBatch batch = TextExample.Encode(tokenizer, examples, TokenLimit.Of(model.Config, tokenizer));
        return model.Config.NumLabels == 1 ? Regression([.. examples.Select(example => example.Number)])
            : model.Config.ProblemType == "multi_label_classification" ? SeveralLabels([.. examples.Select(example => Flags(example, names))])
            : Classes([.. examples.Select(example => names.IdOf(example.Label, example.Place))], names);

        // The labels are read before the model runs: what is wrong with them shows at once.
        float[][] Logits() => SequenceLogits.Of(model, batch, progress, cancellation);

        IReadOnlyList<KeyValuePair<string, double>> Regression(double[] truth)
        {
            double[] found = [.. Logits().Select(row => (double)row[0])];
            return [new("pearson", Correlation.Pearson(truth, found)), new("spearman", Correlation.Spearman(truth, found))];
        }

        IReadOnlyList<KeyValuePair<string, double>> SeveralLabels(bool[][] truth)
        {
            MultiLabelScores scores = MultiLabelScores.Of(truth, [.. Logits().Select(row => row.Select(logit => logit >= 0).ToArray())]);
            return [new("subset_accuracy", scores.SubsetAccuracy), new("micro_f1", scores.MicroF1), new("macro_f1", scores.MacroF1)];
        }

        IReadOnlyList<KeyValuePair<string, double>> Classes(int[] truth, LabelNames labels)
        {
            ConfusionMatrix scores = new(truth, [.. Logits().Select(row => ScoredToken.IndexOfLargest(row))], model.Config.NumLabels);
            return [new("accuracy", scores.Accuracy), .. FiguresOf(scores, labels), new("matthews", scores.Matthews)];
        }
    }

    private static IEnumerable<KeyValuePair<string, double>> FiguresOf(ConfusionMatrix scores, LabelNames names)
    {
        if (scores.Classes.Count > 2)
        {
            return [new("macro_f1", scores.MacroF1), new("micro_f1", scores.Total.F1)];
        }

        MatchCounts positive = scores.Classes[names.Positive];
        return [new("precision", positive.Precision), new("recall", positive.Recall), new("f1", positive.F1)];
    }

    /// <summary>[labels] which of them an example has.</summary>
    /// <exception cref="BadRecordException">It says nothing of labels, or has one that is unknown.</exception>
    public static bool[] Flags(TextExample example, LabelNames names)
    {
        bool[] flags = new bool[names.Id2Label.Count];
        foreach (string label in example.Labels ?? throw BadRecordException.At(example.Place, "the example has no labels; an empty list says that none holds"))
        {
            flags[names.IdOf(label, example.Place)] = true;
        }

        return flags;
    }
}
