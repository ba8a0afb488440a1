using System.Runtime.InteropServices;

namespace BertSharp;

/// <summary>
/// Byte-pair encoding over words (Gage 1994; Sennrich et al. 2016), as Hugging Face's WordPieceTrainer uses it: the two
/// neighbouring pieces that occur together most often become one, again and again. Pairs keep their counts and the words they
/// stand in, so that a merge touches those words alone. Equal counts: the pair whose pieces are older comes first.
/// </summary>
internal sealed class PieceMerges
{
    private readonly Word[] _words;
    private readonly List<string> _pieces;
    private readonly Dictionary<string, int> _ids = [];
    private readonly Dictionary<(int Left, int Right), Pair> _pairs = [];
    private readonly PriorityQueue<(int Left, int Right), (long Rarity, int Left, int Right)> _queue = new();

    /// <summary>Starts from the single characters.</summary>
    /// <param name="words">Words as numbers of pieces, in an order of their own, and how often each occurs.</param>
    /// <param name="pieces">The pieces that there are; new ones are added.</param>
    public PieceMerges(IEnumerable<(int[] Pieces, long Count)> words, List<string> pieces)
    {
        _words = [.. words.Select(word => new Word(word.Pieces, word.Count))];
        _pieces = pieces;
        for (int id = 0; id < pieces.Count; id++)
        {
            _ids[pieces[id]] = id;
        }

        for (int word = 0; word < _words.Length; word++)
        {
            ReadOnlySpan<int> parts = _words[word].Parts;
            for (int i = 1; i < parts.Length; i++)
            {
                Add((parts[i - 1], parts[i]), word);
            }
        }

        foreach ((int Left, int Right) pair in _pairs.Keys)
        {
            Enqueue(pair);
        }
    }

    /// <summary>Merges until there are <paramref name="size"/> pieces, or no pair occurs often enough.</summary>
    public void Run(int size, int minimumFrequency, IProgress<double>? progress, CancellationToken cancellation)
    {
        int first = _pieces.Count;
        while (_pieces.Count < size && _queue.TryDequeue(out var pair, out var key))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!_pairs.TryGetValue(pair, out Pair? found) || found.Count < minimumFrequency)
            {
                continue;
            }

            if (found.Count != -key.Rarity)
            {
                Enqueue(pair); // It has become rarer since: it waits for its turn.
                continue;
            }

            Merge(pair, found);
            progress?.Report((_pieces.Count - first) / (double)(size - first));
        }
    }

    private void Merge((int Left, int Right) pair, Pair found)
    {
        int merged = IdOfMerged(pair);
        _pairs.Remove(pair);
        HashSet<(int Left, int Right)> grown = [];
        foreach (int word in found.Words)
        {
            MergeIn(word, pair, merged, grown);
        }

        foreach ((int Left, int Right) other in grown)
        {
            Enqueue(other);
        }
    }

    private void MergeIn(int index, (int Left, int Right) pair, int merged, HashSet<(int Left, int Right)> grown)
    {
        ref Word word = ref _words[index];
        Span<int> parts = word.Parts;
        int length = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            if (i + 1 == parts.Length || parts[i] != pair.Left || parts[i + 1] != pair.Right)
            {
                parts[length++] = parts[i];
                continue;
            }

            if (length > 0)
            {
                Remove((parts[length - 1], pair.Left), word.Count);
                grown.Add(Add((parts[length - 1], merged), index));
            }

            if (i + 2 < parts.Length)
            {
                Remove((pair.Right, parts[i + 2]), word.Count);
                grown.Add(Add((merged, parts[i + 2]), index));
            }

            parts[length++] = merged;
            i++;
        }

        word.Length = length;
    }

    /// <summary>The piece that a pair becomes: two ways may lead to the same one.</summary>
    private int IdOfMerged((int Left, int Right) pair)
    {
        string text = _pieces[pair.Left] + _pieces[pair.Right][VocabularyTrainer.Prefix.Length..];
        ref int id = ref CollectionsMarshal.GetValueRefOrAddDefault(_ids, text, out bool known);
        if (!known)
        {
            id = _pieces.Count;
            _pieces.Add(text);
        }

        return id;
    }

    private (int Left, int Right) Add((int Left, int Right) pair, int word)
    {
        Pair found = CollectionsMarshal.GetValueRefOrAddDefault(_pairs, pair, out _) ??= new Pair();
        found.Count += _words[word].Count;
        if (found.Words.Count == 0 || found.Words[^1] != word)
        {
            found.Words.Add(word);
        }

        return pair;
    }

    private void Remove((int Left, int Right) pair, long count)
    {
        if (_pairs.TryGetValue(pair, out Pair? found))
        {
            found.Count -= count;
        }
    }

    private void Enqueue((int Left, int Right) pair)
    {
        if (_pairs.TryGetValue(pair, out Pair? found))
        {
            _queue.Enqueue(pair, (-found.Count, pair.Left, pair.Right));
        }
    }

    /// <summary>How often a pair stands in the text, and the words in which it stands or stood.</summary>
    private sealed class Pair
    {
        public long Count { get; set; }

        public List<int> Words { get; } = [];
    }

    private record struct Word(int[] Pieces, long Count)
    {
        public int Length { get; set; } = Pieces.Length;

        public readonly Span<int> Parts => Pieces.AsSpan(0, Length);
    }
}
