namespace BertSharp;

/// <summary>The arrays of a <see cref="TokenBatch"/> while its parts are copied into them, each by its own thread.</summary>
internal sealed class BatchArrays
{
    private readonly BatchBuilder[] _parts;
    private readonly int[] _firstTokens;
    private readonly int[] _firstSequences;
    private readonly bool _located;

    /// <summary>Room for the sequences of some parts, one part behind the other.</summary>
    public BatchArrays(BatchBuilder[] parts, bool located)
    {
        (_parts, _located) = (parts, located);
        _firstTokens = new int[parts.Length + 1];
        _firstSequences = new int[parts.Length + 1];
        for (int i = 0; i < parts.Length; i++)
        {
            _firstTokens[i + 1] = checked(_firstTokens[i] + parts[i].TokenCount);
            _firstSequences[i + 1] = checked(_firstSequences[i] + parts[i].Count);
        }

        int tokens = _firstTokens[^1], sequences = _firstSequences[^1];
        (Ids, Types, SequenceIds, Positions) = (Uncleared<int>(tokens), Uncleared<int>(tokens), Uncleared<int>(tokens), Uncleared<int>(tokens));
        (Words, Places) = located ? (Uncleared<int>(tokens), Uncleared<TokenOffset>(tokens)) : ([], []);
        (Offsets, Sources, Truncated) = (new int[sequences + 1], new int[sequences], new bool[sequences]);
    }

    public int[] Ids { get; }

    public int[] Types { get; }

    public int[] SequenceIds { get; }

    public int[] Words { get; }

    public TokenOffset[] Places { get; }

    public int[] Offsets { get; }

    public int[] Sources { get; }

    public bool[] Truncated { get; }

    private int[] Positions { get; }

    /// <summary>Takes one part's sequences; parts may be taken at the same time.</summary>
    public void Take(int part)
    {
        int token = _firstTokens[part], sequence = _firstSequences[part];
        _parts[part].MoveTo(this, token, sequence);
        for (int start = token; sequence < _firstSequences[part + 1]; start = Offsets[++sequence])
        {
            int end = Offsets[sequence + 1];
            for (int at = start; at < end; at++)
            {
                Positions[at] = at - start;
            }
        }
    }

    /// <summary>The batch, when every part was taken.</summary>
    public TokenBatch ToBatch() => new(
        Ids, Types, Offsets, Positions, new TokenBatch.Origin(Sources, Truncated, SequenceIds, _located ? Words : null, _located ? Places : null));

    // Every value is written by Take.
    private static T[] Uncleared<T>(int length) => GC.AllocateUninitializedArray<T>(length);
}
