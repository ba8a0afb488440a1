namespace BertSharp;

/// <summary>The sequences of a batch that one thread runs by itself, or that all run together: their numbers, longest first.</summary>
internal sealed class SequenceShare
{
    private readonly List<int> _sequences = [];

    /// <summary>Number of sequences.</summary>
    public int Count => _sequences.Count;

    /// <summary>Number of tokens.</summary>
    public int Tokens { get; private set; }

    /// <summary>A sequence's number in the batch.</summary>
    public int this[int index] => _sequences[index];

    /// <summary>Adds a sequence.</summary>
    public void Add(int sequence, int length)
    {
        _sequences.Add(sequence);
        Tokens += length;
    }

    /// <summary>Removes all sequences.</summary>
    public void Clear()
    {
        _sequences.Clear();
        Tokens = 0;
    }

    /// <summary>Number of tokens of the sequences from <paramref name="first"/> on.</summary>
    public int TokensFrom(int first, PackedTokens batch)
    {
        int tokens = 0;
        for (int i = first; i < Count; i++)
        {
            tokens += batch.Length(_sequences[i]);
        }

        return tokens;
    }
}
