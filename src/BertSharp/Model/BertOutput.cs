namespace BertSharp;

/// <summary>
/// What a forward pass gives for T packed tokens of B sequences. It owns its memory and may be passed to the next call, which
/// overwrites it and then allocates nothing; views taken before show the new values.
/// </summary>
public sealed class BertOutput : IDisposable
{
    private readonly PinnedRows _last = new();
    private readonly PinnedRows _pooled = new();
    private PinnedRows[] _hidden = [];
    private PinnedRows[] _attentions = [];
    private int[] _offsets = [0];
    private long[] _attentionOffsets = [];
    private int _heads;
    private bool _hasPooler;
    private bool _hasHidden;
    private bool _hasAttentions;
    private bool _disposed;

    /// <summary>Number B of sequences.</summary>
    public int Count { get; private set; }

    /// <summary>[T, H]: the hidden states of the last layer, sequences end to end.</summary>
    public FloatMatrix LastHiddenState => View(_last);

    /// <summary>[B, H]: tanh(dense(hidden state of the first token)); not there where the model has no pooler.</summary>
    /// <exception cref="InvalidOperationException">The model has no pooler.</exception>
    public FloatMatrix PoolerOutput => _hasPooler ? View(_pooled) : throw new InvalidOperationException("The model has no pooler.");

    /// <summary>Whether there is a <see cref="PoolerOutput"/>.</summary>
    public bool HasPoolerOutput => _hasPooler;

    /// <summary>Number of <see cref="HiddenStates"/>: L + 1 where they were asked for, else 0.</summary>
    public int HiddenStateCount => _hasHidden ? _hidden.Length : 0;

    /// <summary>[T, H] after the embeddings (0) or after a layer (1 … L), if asked for.</summary>
    public FloatMatrix HiddenStates(int layer) => _hasHidden ? View(_hidden[layer]) : throw new InvalidOperationException("Hidden states were not asked for: see ForwardOptions.");

    /// <summary>[N·S, S]: the attention probabilities of one sequence in a layer (0 … L − 1), head after head, if asked for.</summary>
    public FloatMatrix Attention(int layer, int sequence)
    {
        if (!_hasAttentions)
        {
            throw new InvalidOperationException("Attentions were not asked for: see ForwardOptions.");
        }

        int length = Length(sequence);
        ReadOnlyMemory<float> all = View(_attentions[layer]).Values;
        return new FloatMatrix(all.Slice((int)_attentionOffsets[sequence], _heads * length * length), _heads * length, length);
    }

    /// <summary>[S, H]: the last hidden state of one sequence, without a copy.</summary>
    public FloatMatrix Sequence(int index) => LastHiddenState.Slice(_offsets[index], Length(index));

    /// <summary>Number S of tokens of a sequence.</summary>
    public int Length(int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, Count);
        return _offsets[sequence + 1] - _offsets[sequence];
    }

    /// <summary>A copy of the last hidden state [B, S of the longest, H], zeros behind shorter sequences.</summary>
    public float[] ToPadded()
    {
        int longest = 0;
        for (int i = 0; i < Count; i++)
        {
            longest = Math.Max(longest, Length(i));
        }

        float[] padded = new float[checked(Count * longest * _last.Columns)];
        for (int i = 0; i < Count; i++)
        {
            Sequence(i).Values.Span.CopyTo(padded.AsSpan(i * longest * _last.Columns));
        }

        return padded;
    }

    /// <summary>Lets go of the memory.</summary>
    public void Dispose() => _disposed = true;

    /// <summary>Makes room for a batch.</summary>
    internal void Resize(BertConfig config, bool pooler, ReadOnlySpan<int> offsets, ForwardOptions options)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Count = offsets.Length - 1;
        FirstTokensOnly = options.FirstTokensOnly;
        _heads = config.NumAttentionHeads;
        _offsets = _offsets.Length >= offsets.Length ? _offsets : new int[offsets.Length];
        offsets.CopyTo(_offsets);
        for (int i = 0; FirstTokensOnly && i <= Count; i++)
        {
            _offsets[i] = i;
        }

        int tokens = _offsets[Count];
        _last.Resize(tokens, config.HiddenSize);
        _hasPooler = pooler;
        _pooled.Resize(pooler ? Count : 0, config.HiddenSize);
        _hasHidden = options.HiddenStates;
        _hasAttentions = options.Attentions;
        if (_hasHidden)
        {
            ResizeAll(ref _hidden, config.NumHiddenLayers + 1, tokens, config.HiddenSize);
        }

        if (_hasAttentions)
        {
            ResizeAttentions(config.NumHiddenLayers);
        }
    }

    /// <summary>Whether this has one row a sequence, as if each were its first token alone: see <see cref="ForwardOptions.FirstTokensOnly"/>.</summary>
    internal bool FirstTokensOnly { get; private set; }

    /// <summary>[B]: the first row of each sequence.</summary>
    internal ReadOnlySpan<int> FirstRows => _offsets.AsSpan(0, Count);

    internal Matrix SequenceRows(int index) => _last.Matrix.Slice(_offsets[index], Length(index));

    internal PinnedRows Last => _last;

    internal PinnedRows Pooled => _pooled;

    internal Matrix HiddenRows(int layer) => _hidden[layer].Matrix;

    internal ReadOnlySpan<long> AttentionOffsets => _hasAttentions ? _attentionOffsets : [];

    internal unsafe float* AttentionPointer(int layer) => _hasAttentions ? _attentions[layer].Pointer : null;

    /// <summary>A view of rows that live as long as this result.</summary>
    internal FloatMatrix View(PinnedRows rows)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new FloatMatrix(rows.Memory, rows.Rows, rows.Columns);
    }

    private static void ResizeAll(ref PinnedRows[] all, int count, int rows, int columns)
    {
        if (all.Length != count)
        {
            all = new PinnedRows[count];
        }

        foreach (ref PinnedRows one in all.AsSpan())
        {
            one ??= new PinnedRows();
            one.Resize(rows, columns);
        }
    }

    private void ResizeAttentions(int layers)
    {
        _attentionOffsets = _attentionOffsets.Length > Count ? _attentionOffsets : new long[Count + 1];
        for (int i = 0; i < Count; i++)
        {
            _attentionOffsets[i + 1] = _attentionOffsets[i] + ((long)_heads * Length(i) * Length(i));
        }

        ResizeAll(ref _attentions, layers, 1, checked((int)_attentionOffsets[Count]));
    }
}
