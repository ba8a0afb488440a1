namespace BertSharp;

/// <summary>
/// The sequences of a batch in blocks that go through a model together: longest first, so that the threads of a block end
/// together, and up to a budget of tokens, so that activations and outputs stay small however many texts there are.
/// </summary>
internal static class SequenceBlocks
{
    /// <summary>Tokens of one block; a sequence that alone has more is a block of its own.</summary>
    public const int Tokens = 2048;

    /// <summary>The numbers of the sequences, block after block; each sequence is in one of them.</summary>
    public static IEnumerable<int[]> Of(TokenBatch batch)
    {
        int[] order = [.. Enumerable.Range(0, batch.Count).OrderByDescending(batch.Length)];
        for (int first = 0; first < order.Length;)
        {
            int end = first + 1, tokens = batch.Length(order[first]);
            while (end < order.Length && tokens + batch.Length(order[end]) <= Tokens)
            {
                tokens += batch.Length(order[end++]);
            }

            yield return order[first..end];
            first = end;
        }
    }
}
