namespace BertSharp;

/// <summary>Sentences → ids, without special tokens, many sentences at a time on all cores; the order stays.</summary>
internal static class TokenizedSentences
{
    private const int Batch = 4096;

    private static readonly EncodeOptions Bare = new() { AddSpecialTokens = false };

    /// <summary>Tokenizes; sentences without a token are left out.</summary>
    public static IEnumerable<(int[] Ids, bool BeginsDocument)> Read(
        IEnumerable<(string Text, bool BeginsDocument)> sentences, BertTokenizer tokenizer, CancellationToken cancellation)
    {
        bool begins = false;
        foreach ((string Text, bool BeginsDocument)[] batch in sentences.Chunk(Batch))
        {
            cancellation.ThrowIfCancellationRequested();
            TokenBatch tokens = tokenizer.Encode([.. batch.Select(sentence => sentence.Text)], Bare);
            for (int i = 0; i < batch.Length; i++)
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
}
