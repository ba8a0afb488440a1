namespace BertSharp;

/// <summary>Every example once a pass, in an order that seed and pass pick; the last batch of a pass may be shorter.</summary>
internal sealed class ShuffledBatches(long examples, int batchSize, ulong seed)
{
    /// <summary>Batches of a pass.</summary>
    public long Count => ((examples - 1) / batchSize) + 1;

    /// <summary>The examples of a step's batch.</summary>
    public long[] Batch(long step)
    {
        (long epoch, long batch) = Math.DivRem(step, Count);
        KeyedPermutation order = new(SplitMix64.Derive(seed, (ulong)epoch), examples);
        long first = batch * batchSize;
        return [.. Enumerable.Range(0, (int)Math.Min(batchSize, examples - first)).Select(i => order.At(first + i))];
    }
}
