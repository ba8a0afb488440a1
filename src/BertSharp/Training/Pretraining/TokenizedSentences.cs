namespace BertSharp;

/// <summary>Sentences → ids, without special tokens, many sentences at a time on all cores; the order stays.</summary>
internal static class TokenizedSentences
{
    /// <summary>UTF-16 units that are tokenized at a time: enough to be shared out among threads.</summary>
    private const int BatchLength = 1 << 20;

    private static readonly EncodeOptions Bare = new() { AddSpecialTokens = false };

    /// <summary>Tokenizes; sentences without a token are left out.</summary>
    public static IEnumerable<(int[] Ids, bool BeginsDocument)> Read(
        IEnumerable<(string Text, bool BeginsDocument)> sentences, BertTokenizer tokenizer, CancellationToken cancellation)
    {
        bool begins = false;
        foreach (List<(string Text, bool BeginsDocument)> batch in Batches(sentences))
        {
            cancellation.ThrowIfCancellationRequested();
            TokenBatch tokens = tokenizer.Encode([.. batch.Select(sentence => sentence.Text)], Bare);
            for (int i = 0; i < batch.Count; i++)
            {
                begins |= batch[i].BeginsDocument;
                int[] ids = tokens.InputIds.Slice(tokens.SequenceOffsets[i], tokens.Length(i)).ToArray();
                if (ids.Length > 0)
                {
                    yield return (ids, begins);
                    begins = false;
                }
            }
        }
    }

    private static IEnumerable<List<(string Text, bool BeginsDocument)>> Batches(IEnumerable<(string Text, bool BeginsDocument)> sentences)
    {
        List<(string Text, bool BeginsDocument)> batch = [];
        int length = 0;
        foreach ((string Text, bool BeginsDocument) sentence in sentences)
        {
            batch.Add(sentence);
            length += sentence.Text.Length;
            if (length >= BatchLength)
            {
                yield return batch;
                (batch, length) = ([], 0);
            }
        }

        yield return batch;
    }
}
