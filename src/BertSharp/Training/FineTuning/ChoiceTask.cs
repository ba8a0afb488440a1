namespace BertSharp;

/// <summary>Texts with what may go with them, each choice a sequence of its own (Devlin et al. 2018, section 4.4).</summary>
internal static class ChoiceTask
{
    /// <summary>Reads the examples and loads the model with its head.</summary>
    /// <exception cref="DataFileException">An example cannot be used.</exception>
    public static TaskExamples Open(string folder, BertTokenizer tokenizer, FineTuningOptions options, ulong seed)
    {
        (IReadOnlyList<ChoiceExample> train, IReadOnlyList<ChoiceExample> heldOut) = TaskExamples.Read(options, ChoiceExample.Read);
        return TaskExamples.Of(BertForMultipleChoice.Load(folder, seed), model =>
        {
            int length = TokenLimit.Of(model.Config, tokenizer, options.MaxLength);
            LabelledBatch learned = Encode(tokenizer, train, length, train[0]);
            if (heldOut.Count == 0)
            {
                return (learned, null);
            }

            LabelledBatch measured = Encode(tokenizer, heldOut, length, train[0]);
            return (learned, new HeldOutExamples(measured.Hash(), ["accuracy"], cancellation => ChoiceEvaluation.Of(model, measured, null, cancellation)));
        });
    }

    /// <summary>Encodes examples, each choice behind its text.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="examples">At least one.</param>
    /// <param name="maxLength">The most tokens of a sequence, special ones included.</param>
    /// <param name="first">The example that says how many choices all have.</param>
    /// <exception cref="BadRecordException">An example has another number of choices.</exception>
    public static LabelledBatch Encode(BertTokenizer tokenizer, IReadOnlyList<ChoiceExample> examples, int maxLength, ChoiceExample first)
    {
        int choices = first.Choices.Count;
        if (examples.FirstOrDefault(example => example.Choices.Count != choices) is { } other)
        {
            throw BadRecordException.At(other.Place, $"there are {other.Choices.Count} choices, those of {first.Place} are {choices}; give every example as many");
        }

        TokenBatch batch = tokenizer.Encode([.. examples.SelectMany(example => example.Choices.Select(choice => (example.Text, choice)))], new EncodeOptions { MaxLength = maxLength });
        return new LabelledBatch(batch, new StepLabels { Sequences = [.. examples.Select(example => example.Label)], Choices = choices });
    }
}
