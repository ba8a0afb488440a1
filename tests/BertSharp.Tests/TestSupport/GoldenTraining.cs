namespace BertSharp.Tests;

/// <summary>A golden case as a training step: the model with its head, the input and the labels.</summary>
internal static class GoldenTraining
{
    /// <summary>Every case whose reference has gradients.</summary>
    public static TheoryData<string> Cases()
    {
        TheoryData<string> cases = [];
        foreach (string folder in SharedData.Root is null ? [] : Directory.GetDirectories(Path.Combine(SharedData.Root, "golden")).Order(StringComparer.Ordinal).ToArray())
        {
            using GoldenCase golden = new(Path.GetFileName(folder));
            if (golden.Names("grad.").Any())
            {
                cases.Add(Path.GetFileName(folder));
            }
        }

        return cases;
    }

    /// <summary>The model of a case.</summary>
    public static PreTrainedModel Load(GoldenCase golden) => golden.ModelClass switch
    {
        "ElectraForPreTraining" => ElectraForPreTraining.Load(golden.Folder),
        "BertForPreTraining" => BertForPreTraining.Load(golden.Folder),
        string name when name.EndsWith("ForMaskedLM", StringComparison.Ordinal) => BertForMaskedLM.Load(golden.Folder),
        string name when name.EndsWith("ForNextSentencePrediction", StringComparison.Ordinal) => BertForNextSentencePrediction.Load(golden.Folder),
        string name when name.EndsWith("ForSequenceClassification", StringComparison.Ordinal) => BertForSequenceClassification.Load(golden.Folder),
        string name when name.EndsWith("ForTokenClassification", StringComparison.Ordinal) => BertForTokenClassification.Load(golden.Folder),
        string name when name.EndsWith("ForQuestionAnswering", StringComparison.Ordinal) => BertForQuestionAnswering.Load(golden.Folder),
        string name when name.EndsWith("ForMultipleChoice", StringComparison.Ordinal) => BertForMultipleChoice.Load(golden.Folder),
        string name => throw new NotSupportedException($"The case has the model_class {name}."),
    };

    /// <summary>The input; question answering keeps its padding, since the reference's softmax runs over it.</summary>
    public static TokenBatch Batch(GoldenCase golden) => golden.Has("label.start_positions") ? golden.Padded : golden.Batch;

    public static StepLabels Labels(GoldenCase golden)
    {
        if (golden.Has("label.start_positions"))
        {
            return new StepLabels { Starts = golden.Integers("label.start_positions"), Ends = golden.Integers("label.end_positions") };
        }

        if (golden.IsFloat("label.labels"))
        {
            return new StepLabels { Targets = golden.Floats("label.labels") };
        }

        int[] labels = golden.Integers("label.labels");
        int[] next = golden.Has("label.next_sentence_label") ? golden.Integers("label.next_sentence_label") : [];
        return labels.Length == golden.Ids.Length
            ? new StepLabels { Tokens = golden.AtTokens(labels), Sequences = next }
            : new StepLabels { Sequences = labels, Choices = golden.Choices };
    }

    /// <summary>A parameter's name in the golden file, which is that of the family's class in transformers.</summary>
    public static string Name(PreTrainedModel model, string canonical) => ParameterNames.Stored(canonical, model.Config.ModelType, withPrefix: true);

    /// <summary>The values of a layout, row-major, as <see cref="PreTrainedModel.GetParameter"/> gives those of a parameter.</summary>
    public static float[] Gradient(PreTrainedModel model, string canonical)
    {
        Parameter gradient = model.Parameters[canonical].Gradient!;
        float[] values = new float[gradient.Rows * gradient.Columns];
        gradient.CopyValues(0, values);
        return values;
    }
}
