namespace BertSharp;

/// <summary>
/// The sequences of a batch in blocks that go through a model together: longest first, so that the threads of a block end
/// together, and up to a budget of tokens, so that activations and outputs stay small however many texts there are.
/// </summary>
internal static class SequenceBlocks
{
    /// <summary>Tokens of one block; a sequence that alone has more is a block of its own.</summary>
    public const int Tokens = 2048;

    /// <summary>What a row of logits over the vocabulary counts for, in tokens: a block has at most 128 rows (16 MB in BERT-Base).</summary>
    public const int VocabularyRow = 16;

    /// <summary>The numbers of the sequences, block after block; each sequence is in one of them.</summary>
    public static IEnumerable<int[]> Of(TokenBatch batch) => Of(batch.Count, batch.Length);

    /// <summary>The same for <paramref name="count"/> items of which each has a cost in tokens.</summary>
    public static IEnumerable<int[]> Of(int count, Func<int, int> cost)
    {
        int[] order = [.. Enumerable.Range(0, count).OrderByDescending(cost)];
        for (int first = 0; first < order.Length;)
        {
            int end = first + 1, tokens = cost(order[first]);
            while (end < order.Length && tokens + cost(order[end]) <= Tokens)
            {
                tokens += cost(order[end++]);
            }

            yield return order[first..end];
            first = end;
        }
    }
}
