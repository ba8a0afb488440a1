namespace BertSharp;

/// <summary>The logits of whole sequences, block by block.</summary>
internal static class SequenceLogits
{
    /// <summary>Runs a batch through a head.</summary>
    /// <param name="batch">B sequences.</param>
    /// <param name="forward">Gives logits with one row for each sequence of a block.</param>
    /// <param name="progress">Receives the number of sequences done.</param>
    /// <returns>[B] the row of each sequence.</returns>
    public static float[][] Of(TokenBatch batch, Action<TokenBatch, HeadOutput> forward, IProgress<int>? progress)
    {
        float[][] logits = new float[batch.Count][];
        using HeadOutput output = new();
        int done = 0;
        foreach (int[] block in SequenceBlocks.Of(batch))
        {
            forward(batch.Select(block), output);
            for (int i = 0; i < block.Length; i++)
            {
                logits[block[i]] = output.Logits.Row(i).ToArray();
            }

            progress?.Report(done += block.Length);
        }

        return logits;
    }

    /// <summary>The same for a head that reads first tokens alone.</summary>
    public static float[][] Of(HeadModel<HeadOutput> head, TokenBatch batch, IProgress<int>? progress, CancellationToken cancellation) =>
        Of(batch, (block, output) => head.Forward(block, output, ForwardOptions.FirstTokens, cancellation: cancellation), progress);
}
