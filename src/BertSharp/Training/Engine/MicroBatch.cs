namespace BertSharp;

/// <summary>Whole sequences of a step, in the step's order, that run forward and backward at once.</summary>
internal sealed class MicroBatch
{
    private readonly int[] _offsets;
    private readonly int[] _attended;
    private readonly int[] _positions;
    private readonly PackedTokens _step;

    /// <summary>Takes sequences of a step.</summary>
    public MicroBatch(PackedTokens step, BertConfig config, int firstSequence, int count)
    {
        (_step, FirstSequence, FirstToken) = (step, firstSequence, step.Start(firstSequence));
        _offsets = new int[count + 1];
        _attended = new int[count];
        for (int i = 0; i < count; i++)
        {
            _offsets[i + 1] = step.Start(firstSequence + i + 1) - FirstToken;
            _attended[i] = step.AttendedLength(firstSequence + i);
            Longest = Math.Max(Longest, step.Length(firstSequence + i));
        }

        _positions = new int[_offsets[^1]];
        for (int i = 0; i < count; i++)
        {
            (int row, int length) = (_offsets[i], _offsets[i + 1] - _offsets[i]);
            Family.Of(config).Positions(InputIds.Slice(row, length), step.PositionIds.Span.Slice(FirstToken + row, length), config.PadTokenId, _positions.AsSpan(row, length));
        }
    }

    /// <summary>Number of sequences.</summary>
    public int Count => _attended.Length;

    /// <summary>Number T of tokens.</summary>
    public int Tokens => _offsets[^1];

    /// <summary>Tokens of the longest sequence.</summary>
    public int Longest { get; }

    /// <summary>The first sequence's number in the step.</summary>
    public int FirstSequence { get; }

    /// <summary>The first token's number in the step.</summary>
    public int FirstToken { get; }

    /// <summary>[B + 1] rows of the sequences.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>[T].</summary>
    public ReadOnlySpan<int> InputIds => _step.InputIds.Span.Slice(FirstToken, Tokens);

    /// <summary>[T].</summary>
    public ReadOnlySpan<int> TokenTypeIds => _step.TokenTypeIds.Span.Slice(FirstToken, Tokens);

    /// <summary>[T]: rows of the position table.</summary>
    public ReadOnlySpan<int> PositionIds => _positions;

    /// <summary>The rows as attention reads them.</summary>
    public AttentionRows Rows => new(_offsets, _offsets, _attended, default);
}
