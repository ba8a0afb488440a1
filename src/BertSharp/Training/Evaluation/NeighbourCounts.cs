using System.Runtime.InteropServices;

namespace BertSharp;

/// <summary>
/// What counting alone guesses: the commonest word of a text, and the commonest one between the same two neighbours, or where
/// these never stood so, after the same left neighbour, or else anywhere. A model must be better than this.
/// </summary>
internal sealed class NeighbourCounts
{
    private const int BatchSize = 256;

    private static readonly ulong Anywhere = SplitMix64.Derive(0, 0);
    private static readonly MaskingOptions Unmasked = new() { Share = 0 };

    private readonly Dictionary<ulong, (ulong Any, ulong Lettered)> _commonest;

    private NeighbourCounts(Dictionary<ulong, (ulong Any, ulong Lettered)> commonest) => _commonest = commonest;

    /// <summary>Counts the words of a text that stand where some words stand.</summary>
    /// <param name="text">Every example is read once.</param>
    /// <param name="keys">Words of its vocabulary.</param>
    /// <param name="asked">The words that will be guessed; what stands elsewhere is not kept.</param>
    /// <param name="cancellation">Checked now and then.</param>
    public static NeighbourCounts Of(PretrainingData text, WordKeys keys, IEnumerable<MaskedWord> asked, CancellationToken cancellation)
    {
        Dictionary<ulong, Dictionary<ulong, int>> places = new() { [Anywhere] = [] };
        foreach (MaskedWord word in asked)
        {
            places.TryAdd(After(word.Left), []);
            places.TryAdd(Between(word.Left, word.Right), []);
        }

        for (long first = 0; first < text.Count; first += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            MaskedBatch batch = text.Batch(first, (int)Math.Min(BatchSize, text.Count - first), Unmasked);
            for (int i = 0; i < batch.Count; i++)
            {
                Count(keys.Of(batch.InputIds.AsSpan(batch.Offsets[i]..batch.Offsets[i + 1])), places);
            }
        }

        return new NeighbourCounts(places.ToDictionary(place => place.Key, place => (Commonest(place.Value, _ => true), Commonest(place.Value, word => !keys.IsPunctuation(word)))));
    }

    /// <summary>The commonest word of all.</summary>
    /// <param name="lettered">Whether punctuation marks are left out.</param>
    public ulong Guess(bool lettered) => Pick(Anywhere, lettered);

    /// <summary>The commonest word at the place of another.</summary>
    /// <param name="place">Its neighbours count.</param>
    /// <param name="lettered">Whether punctuation marks are left out.</param>
    public ulong Guess(MaskedWord place, bool lettered) =>
        ((ulong[])[Between(place.Left, place.Right), After(place.Left), Anywhere]).Select(key => Pick(key, lettered)).FirstOrDefault(word => word != WordKeys.Border);

    private ulong Pick(ulong place, bool lettered) => lettered ? _commonest[place].Lettered : _commonest[place].Any;

    private static void Count(ulong[] words, Dictionary<ulong, Dictionary<ulong, int>> places)
    {
        for (int i = 0; i < words.Length; i++)
        {
            ulong left = i > 0 ? words[i - 1] : WordKeys.Border, right = i + 1 < words.Length ? words[i + 1] : WordKeys.Border;
            foreach (ulong place in (ReadOnlySpan<ulong>)[Anywhere, After(left), Between(left, right)])
            {
                if (places.TryGetValue(place, out Dictionary<ulong, int>? counts))
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, words[i], out _)++;
                }
            }
        }
    }

    // Of equally common words the one with the smaller key, so that the figure is the same each time; none: the border.
    private static ulong Commonest(Dictionary<ulong, int> counts, Func<ulong, bool> counted) =>
        counts.Where(count => counted(count.Key)).OrderByDescending(count => count.Value).ThenBy(count => count.Key).FirstOrDefault().Key;

    private static ulong After(ulong left) => SplitMix64.Derive(1, left);

    private static ulong Between(ulong left, ulong right) => SplitMix64.Derive(SplitMix64.Derive(2, left), right);
}
