using System.Numerics;

namespace BertSharp;

/// <summary>
/// A permutation of 0 … n − 1 that a key picks, computed number by number: a Feistel network over the next power of four, walked
/// until it falls below n (Black and Rogaway 2002). So a shuffled pass over any number of examples takes no memory.
/// </summary>
internal readonly struct KeyedPermutation(ulong key, long count)
{
    private const int Rounds = 4;

    private readonly int _halfBits = Math.Max(1, (BitOperations.Log2((ulong)Math.Max(1, count - 1)) / 2) + 1);

    /// <summary>Where a number 0 … n − 1 goes.</summary>
    public long At(long number)
    {
        do
        {
            number = Shuffle(number);
        }
        while (number >= count);
        return number;
    }

    private long Shuffle(long number)
    {
        ulong mask = (1UL << _halfBits) - 1, left = (ulong)number >> _halfBits, right = (ulong)number & mask;
        for (ulong round = 0; round < Rounds; round++)
        {
            (left, right) = (right, left ^ (SplitMix64.Derive(SplitMix64.Derive(key, round), right) & mask));
        }

        return (long)((left << _halfBits) | right);
    }
}
