namespace BertSharp;

/// <summary>Texts with what may go with them, each choice a sequence of its own (Devlin et al. 2018, section 4.4).</summary>
internal static class ChoiceTask
{
    /// <summary>Reads the examples and loads the model with its head.</summary>
    /// <exception cref="DataFileException">An example cannot be used.</exception>
    public static TaskExamples Open(string folder, BertTokenizer tokenizer, FineTuningOptions options, ulong seed)
    {
        (IReadOnlyList<ChoiceExample> train, IReadOnlyList<ChoiceExample> heldOut) = TaskExamples.Read(options, ChoiceExample.Read);
        int choices = train[0].Choices.Count;
        return TaskExamples.Of(BertForMultipleChoice.Load(folder, seed), model =>
        {
            EncodeOptions encoding = new() { MaxLength = TokenLimit.Of(model.Config, tokenizer, options.MaxLength) };
            LabelledBatch Encode(IReadOnlyList<ChoiceExample> examples)
            {
                if (examples.FirstOrDefault(example => example.Choices.Count != choices) is { } other)
                {
                    throw BadRecordException.At(other.Place, $"there are {other.Choices.Count} choices, those of {train[0].Place} are {choices}; give every example as many");
                }

                TokenBatch batch = tokenizer.Encode([.. examples.SelectMany(example => example.Choices.Select(choice => (example.Text, choice)))], encoding);
                return new LabelledBatch(batch, new StepLabels { Sequences = [.. examples.Select(example => example.Label)], Choices = choices });
            }

            if (heldOut.Count == 0)
            {
                return (Encode(train), null);
            }

            LabelledBatch measured = Encode(heldOut);
            return (Encode(train), new HeldOutExamples(measured.Hash(), ["accuracy"], cancellation => ChoiceEvaluation.Of(model, measured, cancellation)));
        });
    }
}
