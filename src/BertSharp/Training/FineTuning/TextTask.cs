namespace BertSharp;

/// <summary>Texts or pairs with a label, several, or a number (Devlin et al. 2018, section 4.1); queries with documents (Nogueira, Cho 2019).</summary>
internal static class TextTask
{
    /// <summary>Reads the examples and loads the model with its head.</summary>
    /// <exception cref="DataFileException">An example cannot be used.</exception>
    public static TaskExamples Open(string folder, BertTokenizer tokenizer, FineTuningOptions options, ulong seed)
    {
        (IReadOnlyList<TextExample> train, IReadOnlyList<TextExample> heldOut) = TaskExamples.Read(options, TextExample.Read);
        if (heldOut is [var other, ..] && (other.TextPair is null) != (train[0].TextPair is null))
        {
            throw BadRecordException.At(other.Place, $"the example has {(other.TextPair is null ? "one text" : "two texts")}, those of {options.Data} have {(other.TextPair is null ? "two" : "one")}");
        }

        LabelNames names = options.Labels is { } given ? LabelNames.Given(given)
            : options.Task is FineTuningTask.Regression or FineTuningTask.Rerank ? LabelNames.Given(["LABEL_0"])
            : LabelNames.OfFirstSight(train.SelectMany(example => example.Labels ?? []));
        RequireNumber(names, options);
        return TaskExamples.Of(BertForSequenceClassification.Load(folder, names.Id2Label, ProblemType(options.Task), seed), model =>
        {
            int length = TokenLimit.Of(model.Config, tokenizer, options.MaxLength);
            LabelledBatch Encode(IReadOnlyList<TextExample> examples)
            {
                StepLabels labels = LabelsOf(examples, options.Task, names); // First: what is wrong with them shows at once.
                return new LabelledBatch(TextExample.Encode(tokenizer, examples, length), labels);
            }

            return (Encode(train), heldOut.Count == 0 ? null : new HeldOutExamples(Encode(heldOut).Hash(), Metrics(options.Task, names, heldOut), cancellation =>
                options.Task == FineTuningTask.Rerank ? RerankEvaluation.Of(tokenizer, model, heldOut, null, cancellation) : TextEvaluation.Of(tokenizer, model, heldOut, names, null, cancellation)));
        });
    }

    private static string ProblemType(FineTuningTask task) => task switch
    {
        FineTuningTask.Regression => "regression",
        FineTuningTask.MultiLabel or FineTuningTask.Rerank => "multi_label_classification", // Binary cross entropy; of one label that of a pair.
        _ => "single_label_classification",
    };

    private static void RequireNumber(LabelNames names, FineTuningOptions options)
    {
        bool single = options.Task is FineTuningTask.Regression or FineTuningTask.Rerank;
        if (single ? names.Id2Label.Count != 1 : names.Id2Label.Count < 2)
        {
            throw new DataFileException(single
                ? $"There are {names.Id2Label.Count} labels ({names}); a score has one. Leave --labels out."
                : $"{options.Data}: its examples have {names.Id2Label.Count} different labels ({names}), expected at least two; name all with --labels, or train a score with --regression");
        }
    }

    private static StepLabels LabelsOf(IReadOnlyList<TextExample> examples, FineTuningTask task, LabelNames names) => task switch
    {
        FineTuningTask.Regression => new StepLabels { Targets = [.. examples.Select(example => (float)example.Number)] },
        FineTuningTask.Rerank => new StepLabels { Targets = [.. examples.Select(example => example.Relevance)] },
        FineTuningTask.MultiLabel => new StepLabels { Targets = [.. examples.SelectMany(example => TextEvaluation.Flags(example, names)).Select(holds => holds ? 1f : 0f)] },
        _ => new StepLabels { Sequences = [.. examples.Select(example => names.IdOf(example.Label, example.Place))] },
    };

    private static string[] Metrics(FineTuningTask task, LabelNames names, IReadOnlyList<TextExample> examples) => task switch
    {
        FineTuningTask.Regression => ["spearman", "pearson"],
        FineTuningTask.Rerank when examples.DistinctBy(example => example.Text).Count() == examples.Count => ["f1", "accuracy"], // No query has documents to be ranked.
        FineTuningTask.Rerank => ["ndcg_cut_10", "recip_rank", "f1", "accuracy"],
        FineTuningTask.MultiLabel => ["micro_f1", "macro_f1", "subset_accuracy"],
        _ when names.Id2Label.Count == 2 => ["accuracy", "f1", "precision", "recall", "matthews"],
        _ => ["accuracy", "macro_f1", "micro_f1", "matthews"],
    };
}
