namespace BertSharp;

/// <summary>Sentences whose words have tags (Devlin et al. 2018, section 5.3).</summary>
internal static class TagTask
{
    /// <summary>Reads the examples and loads the model with its head.</summary>
    /// <exception cref="DataFileException">An example cannot be used.</exception>
    public static TaskExamples Open(string folder, BertTokenizer tokenizer, FineTuningOptions options, ulong seed)
    {
        (IReadOnlyList<TaggedWords> train, IReadOnlyList<TaggedWords> heldOut) = TaskExamples.Read(options, TaggedWords.Read);
        LabelNames names = options.Labels is { } given ? LabelNames.Given(given) : LabelNames.OfFirstSight(train.SelectMany(sentence => sentence.Tags));
        return TaskExamples.Of(BertForTokenClassification.Load(folder, names.Id2Label, seed), model =>
        {
            int length = TokenLimit.Of(model.Config, tokenizer, options.MaxLength);
            LabelledBatch Encode(IReadOnlyList<TaggedWords> sentences)
            {
                TaggedBatch batch = TaggedBatch.Encode(tokenizer, sentences, names, length);
                return new LabelledBatch(batch.Batch, new StepLabels { Tokens = [.. batch.Labels.SelectMany(labels => labels)] });
            }

            return (Encode(train), heldOut.Count == 0 ? null : new HeldOutExamples(
                Encode(heldOut).Hash(), ["f1", "precision", "recall", "accuracy"], cancellation => TagEvaluation.Of(tokenizer, model, heldOut, names, null, cancellation)));
        });
    }
}
