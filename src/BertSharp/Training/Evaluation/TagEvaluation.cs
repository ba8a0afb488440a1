namespace BertSharp;

/// <summary>Figures of a token classifier on sentences with tags.</summary>
internal static class TagEvaluation
{
    /// <summary>Runs a model over sentences: precision, recall and F1 of entities, and the share of words with the right tag.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="model">The model.</param>
    /// <param name="sentences">At least one.</param>
    /// <param name="names">What the sentences call the model's labels.</param>
    /// <param name="progress">Receives the number of sentences done.</param>
    /// <param name="cancellation">Checked between blocks and layers.</param>
    /// <exception cref="BadRecordException">A tag is unknown.</exception>
    public static IReadOnlyList<KeyValuePair<string, double>> Of(
        BertTokenizer tokenizer, BertForTokenClassification model, IReadOnlyList<TaggedWords> sentences, LabelNames names, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        TokenBatch batch = TaggedBatch.Encode(tokenizer, sentences, names, TokenLimit.Of(model.Config, tokenizer)).Batch;
        string[][] found = new string[sentences.Count][];
        using HeadOutput output = new();
        InputProgress done = new(batch, progress);
        foreach (int[] block in SequenceBlocks.Of(batch))
        {
            model.Forward(batch.Select(block), output, cancellation: cancellation);
            int row = 0;
            foreach (int sentence in block)
            {
                int[] labels = [.. Enumerable.Range(row, batch.Length(sentence)).Select(token => ScoredToken.IndexOfLargest(output.Logits.Row(token)))];
                found[sentence] = TaggedBatch.TagsOf(batch, sentence, labels, sentences[sentence].Tokens.Count, names);
                row += labels.Length;
            }

            done.Report(block);
        }

        MatchCounts entities = EntityScores.Of(sentences.Zip(found, (sentence, tags) => (sentence.Tags, (IReadOnlyList<string>)tags)));
        double accuracy = sentences.SelectMany(sentence => sentence.Tags).Zip(found.SelectMany(tags => tags), (given, tag) => given == tag ? 1.0 : 0.0).Average();
        return [new("precision", entities.Precision), new("recall", entities.Recall), new("f1", entities.F1), new("accuracy", accuracy)];
    }
}
