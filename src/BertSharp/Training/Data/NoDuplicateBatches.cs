namespace BertSharp;

/// <summary>
/// Batches of examples in which no text occurs twice, since every other text of a batch is taken for a negative
/// (sentence-transformers' <c>NoDuplicatesBatchSampler</c>). What an epoch's batches are follows from the seed and the epoch
/// alone: a resumed run draws the same ones.
/// </summary>
internal sealed class NoDuplicateBatches
{
    private readonly int[][] _texts;
    private readonly int _distinct;
    private readonly int _batchSize;
    private readonly ulong _seed;
    private long _epoch = -1;
    private List<int>[] _batches = [];

    /// <summary>Numbers the texts.</summary>
    /// <param name="examples">The texts of each example; one that repeats inside an example counts once.</param>
    /// <param name="batchSize">Examples of a batch.</param>
    /// <param name="seed">Seed of the order.</param>
    /// <exception cref="ArgumentException">There is no example, or the batch size is below 1.</exception>
    public NoDuplicateBatches(IReadOnlyList<IReadOnlyList<string>> examples, int batchSize, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (examples.Count == 0)
        {
            throw new ArgumentException("Expected at least one example, found none.", nameof(examples));
        }

        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        _texts = [.. examples.Select(example => example.Select(text => Number(numbers, text)).Distinct().ToArray())];
        _distinct = numbers.Count;
        _batchSize = batchSize;
        _seed = seed;
    }

    /// <summary>Batches of an epoch: as many as hold all examples, whatever repeats.</summary>
    public int Count => ((_texts.Length - 1) / _batchSize) + 1;

    /// <summary>
    /// The examples of a step's batch; step <see cref="Count"/> is the first of the second epoch. The last batches of an epoch
    /// may be shorter, and an example whose text every batch left has already is left out of the epoch.
    /// </summary>
    public IReadOnlyList<int> Batch(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (_epoch != step / Count)
        {
            _epoch = step / Count;
            _batches = Deal(_epoch);
        }

        return _batches[step % Count];
    }

    private List<int>[] Deal(long epoch)
    {
        List<int>[] batches = [.. Enumerable.Range(0, Count).Select(_ => new List<int>())];
        int[] last = new int[_distinct];
        last.AsSpan().Fill(-1);
        int open = 0;
        KeyedPermutation order = new(SplitMix64.Derive(_seed, (ulong)epoch), _texts.Length);
        for (int i = 0; i < _texts.Length; i++)
        {
            int example = (int)order.At(i);
            while (open < batches.Length && batches[open].Count == _batchSize)
            {
                open++;
            }

            // Behind every batch that has one of its texts: so no batch needs to be searched for them.
            int batch = Math.Max(open, _texts[example].Max(text => last[text]) + 1);
            while (batch < batches.Length && batches[batch].Count == _batchSize)
            {
                batch++;
            }

            if (batch < batches.Length)
            {
                batches[batch].Add(example);
                Array.ForEach(_texts[example], text => last[text] = batch);
            }
        }

        return batches;
    }

    private static int Number(Dictionary<string, int> numbers, string text)
    {
        if (!numbers.TryGetValue(text, out int number))
        {
            numbers.Add(text, number = numbers.Count);
        }

        return number;
    }
}
