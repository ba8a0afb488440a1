namespace BertSharp;

/// <summary>
/// Some sequences of a batch, packed end to end, with the matrices to run them in: what a team runs through all layers at once.
/// Their number bounds the memory.
/// </summary>
internal sealed class PassPart
{
    /// <summary>The matrices of all parts that are in work together take about this many float32 values (16 MiB).</summary>
    private const long Values = 4L << 20;

    private readonly Arena _arena = new(0);
    private int[] _sequences = [];
    private int[] _offsets = [];
    private int[] _firstTokens = [];
    private int[] _attended = [];
    private long[] _attentionOffsets = [];
    private int[] _inputIds = [];
    private int[] _tokenTypeIds = [];
    private int[] _positionIds = [];

    /// <summary>Number of sequences.</summary>
    public int Count { get; private set; }

    /// <summary>Number of tokens.</summary>
    public int Tokens { get; private set; }

    /// <summary>Tokens of the longest sequence.</summary>
    public int Longest { get; private set; }

    /// <summary>The matrices of the pass.</summary>
    public Activations Activations { get; } = new();

    /// <summary>[B]: the sequences' numbers in the batch.</summary>
    public ReadOnlySpan<int> Sequences => _sequences.AsSpan(0, Count);

    /// <summary>The rows of a layer that computes every token, or the first token of each sequence alone.</summary>
    public AttentionRows Rows(bool firstTokensOnly) => new(
        (firstTokensOnly ? _firstTokens : _offsets).AsSpan(0, Count + 1),
        _offsets.AsSpan(0, Count + 1),
        _attended.AsSpan(0, Count),
        _attentionOffsets.AsSpan(0, Count));

    /// <summary>[T].</summary>
    public ReadOnlySpan<int> InputIds => _inputIds.AsSpan(0, Tokens);

    /// <summary>[T].</summary>
    public ReadOnlySpan<int> TokenTypeIds => _tokenTypeIds.AsSpan(0, Tokens);

    /// <summary>[T]: rows of the position table.</summary>
    public ReadOnlySpan<int> PositionIds => _positionIds.AsSpan(0, Tokens);

    /// <summary>Tokens of a part where <paramref name="parts"/> are in work together; a longer sequence is a part of its own.</summary>
    public static int Budget(BertConfig config, int parts) =>
        (int)Math.Max(1, Values / ((5L * config.HiddenSize) + config.IntermediateSize) / parts);

    /// <summary>
    /// Fills the part with sequences of a list, from <paramref name="first"/> on, and gets it ready to run. What is left of the
    /// list is cut into near-equal parts, since few rows cost a product more.
    /// </summary>
    /// <returns>The first sequence that did not fit.</returns>
    public int Take(SequenceShare share, int first, PackedTokens batch, BertConfig config, ReadOnlySpan<long> attentionOffsets, int budget, int members)
    {
        int left = share.TokensFrom(first, batch), parts = (left + budget - 1) / budget, room = (left + parts - 1) / parts;
        Clear();
        int next = first;
        for (; next < share.Count && (Count == 0 || Tokens + (batch.Length(share[next]) / 2) <= room && Tokens + batch.Length(share[next]) <= budget); next++)
        {
            Add(share[next], batch.Length(share[next]));
        }

        Place(config, members);
        Gather(batch, Family.Of(config), config.PadTokenId, attentionOffsets);
        return next;
    }

    /// <summary>Removes all sequences.</summary>
    private void Clear()
    {
        Count = 0;
        Tokens = 0;
        Longest = 0;
    }

    /// <summary>Adds a sequence by its number and length.</summary>
    private void Add(int sequence, int length)
    {
        if (Count + 2 > _offsets.Length)
        {
            int capacity = Math.Max(16, 2 * (Count + 2));
            Array.Resize(ref _offsets, capacity);
            Array.Resize(ref _sequences, capacity);
            Array.Resize(ref _attended, capacity);
            Array.Resize(ref _attentionOffsets, capacity);
            _firstTokens = [.. Enumerable.Range(0, capacity)];
        }

        _sequences[Count] = sequence;
        _offsets[Count] = Tokens;
        Count++;
        Tokens += length;
        _offsets[Count] = Tokens;
        Longest = Math.Max(Longest, length);
    }

    private void Place(BertConfig config, int members)
    {
        (int hidden, int heads, int intermediate, int embedding) = (config.HiddenSize, config.NumAttentionHeads, config.IntermediateSize, config.EmbeddingSize);
        _arena.Reset(Activations.Size(Tokens, Longest, hidden, heads, intermediate, embedding, members));
        Activations.Take(_arena, Tokens, Longest, hidden, heads, intermediate, embedding, members);
    }

    /// <summary>Copies ids, types and positions of the sequences here.</summary>
    private void Gather(PackedTokens batch, Family family, int padTokenId, ReadOnlySpan<long> attentionOffsets)
    {
        if (Tokens > _inputIds.Length)
        {
            _inputIds = new int[Tokens];
            _tokenTypeIds = new int[Tokens];
            _positionIds = new int[Tokens];
        }

        for (int i = 0; i < Count; i++)
        {
            int sequence = _sequences[i], row = _offsets[i], length = _offsets[i + 1] - row;
            int first = batch.Start(sequence);
            batch.InputIds.Span.Slice(first, length).CopyTo(_inputIds.AsSpan(row));
            batch.TokenTypeIds.Span.Slice(first, length).CopyTo(_tokenTypeIds.AsSpan(row));
            _attended[i] = batch.AttendedLength(sequence);
            _attentionOffsets[i] = attentionOffsets.IsEmpty ? 0 : attentionOffsets[sequence];
            family.Positions(batch.InputIds.Span.Slice(first, length), batch.PositionIds.Span.Slice(first, length), padTokenId, _positionIds.AsSpan(row, length));
        }
    }
}
