namespace BertSharp;

/// <summary>
/// Draws from several stores by weights. The numbers of a run are dealt in blocks of as many as the weights' sum: each block
/// takes exactly its weight from every store, in a shuffled order, and every store is gone through in passes, each shuffled
/// anew, so no example comes twice before all came once. Where a number leads depends on it and the seed alone.
/// </summary>
internal sealed class ExampleMixture
{
    private readonly ulong _seed;
    private readonly long[] _counts;
    private readonly int[] _weights;
    private readonly int _sum;

    /// <summary>Takes the number of examples of every store, and its weight.</summary>
    /// <exception cref="ArgumentException">A weight is not positive, or a store is empty.</exception>
    public ExampleMixture(IEnumerable<(long Count, int Weight)> sources, ulong seed)
    {
        _seed = seed;
        _counts = [.. sources.Select(source => source.Count)];
        _weights = [.. sources.Select(source => source.Weight)];
        if (_counts.Length == 0 || _counts.Any(count => count < 1) || _weights.Any(weight => weight < 1))
        {
            throw new ArgumentException($"Expected stores with examples and positive weights; found {string.Join(", ", _counts.Zip(_weights, (count, weight) => $"{count} examples × {weight}"))}.");
        }

        _sum = checked(_weights.Sum());
    }

    /// <summary>The store, the pass over it, and the example, of a number of the run.</summary>
    public (int Source, long Pass, long Example) Find(long number)
    {
        (long block, long place) = Math.DivRem(number, _sum);
        int dealt = (int)new KeyedPermutation(SplitMix64.Derive(SplitMix64.Derive(_seed, 0), (ulong)block), _sum).At(place), source = 0;
        for (; dealt >= _weights[source]; source++)
        {
            dealt -= _weights[source];
        }

        (long pass, long drawn) = Math.DivRem((block * _weights[source]) + dealt, _counts[source]);
        ulong key = SplitMix64.Derive(SplitMix64.Derive(_seed, (ulong)source + 1), (ulong)pass);
        return (source, pass, new KeyedPermutation(key, _counts[source]).At(drawn));
    }
}
