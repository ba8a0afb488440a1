using System.Buffers;

namespace BertSharp;

/// <summary>
/// Collects the sequences of one part of the input, packed end to end, in memory of the shared pool, and copies them to their
/// place in the whole batch. Types and sequence ids are kept as runs: they are the same for all tokens of a template's piece.
/// </summary>
internal sealed class BatchBuilder(bool located)
{
    private int[] _ids = ArrayPool<int>.Shared.Rent(1024);
    private int[] _words = located ? ArrayPool<int>.Shared.Rent(1024) : [];
    private TokenOffset[] _places = located ? ArrayPool<TokenOffset>.Shared.Rent(1024) : [];

    private readonly List<(int End, int TypeId, int SequenceId)> _runs = [];
    private readonly List<(int End, int Source, bool Truncated)> _sequences = [];

    /// <summary>Tokens so far.</summary>
    public int TokenCount { get; private set; }

    /// <summary>Sequences that were closed.</summary>
    public int Count => _sequences.Count;

    /// <summary>Adds a special token to the open sequence; what comes up to <see cref="End"/> belongs to it.</summary>
    public void AddSpecial(TemplatePiece piece)
    {
        int start = Append(piece.Ids, piece.TypeId, -1);
        if (located)
        {
            _words.AsSpan(start, piece.Ids.Length).Fill(-1);
            _places.AsSpan(start, piece.Ids.Length).Clear();
        }
    }

    /// <summary>Adds a window of a text's tokens.</summary>
    public void AddText(TokenList tokens, int start, int length, TemplatePiece piece)
    {
        int at = Append(tokens.Ids.Slice(start, length), piece.TypeId, piece.Sequence);
        if (located)
        {
            tokens.Words.Slice(start, length).CopyTo(_words.AsSpan(at));
            tokens.Offsets.Slice(start, length).CopyTo(_places.AsSpan(at));
        }
    }

    /// <summary>Closes a sequence.</summary>
    public void End(int source, bool truncated) => _sequences.Add((TokenCount, source, truncated));

    /// <summary>Copies all to their place in the batch and gives the memory back; nothing can be added after.</summary>
    /// <param name="into">The batch's arrays.</param>
    /// <param name="token">The place of the first token.</param>
    /// <param name="sequence">The place of the first sequence.</param>
    public void MoveTo(BatchArrays into, int token, int sequence)
    {
        _ids.AsSpan(0, TokenCount).CopyTo(into.Ids.AsSpan(token));
        if (located)
        {
            _words.AsSpan(0, TokenCount).CopyTo(into.Words.AsSpan(token));
            _places.AsSpan(0, TokenCount).CopyTo(into.Places.AsSpan(token));
        }

        int start = 0;
        foreach ((int end, int typeId, int sequenceId) in _runs)
        {
            into.Types.AsSpan(token + start, end - start).Fill(typeId);
            into.SequenceIds.AsSpan(token + start, end - start).Fill(sequenceId);
            start = end;
        }

        for (int i = 0; i < _sequences.Count; i++)
        {
            (int end, int source, bool truncated) = _sequences[i];
            into.Offsets[sequence + i + 1] = token + end;
            (into.Sources[sequence + i], into.Truncated[sequence + i]) = (source, truncated);
        }

        Resize(ref _ids, 0);
        Resize(ref _words, 0);
        Resize(ref _places, 0);
    }

    private int Append(ReadOnlySpan<int> ids, int typeId, int sequenceId)
    {
        int start = TokenCount, end = checked(start + ids.Length);
        if (end > _ids.Length)
        {
            Grow(end);
        }

        ids.CopyTo(_ids.AsSpan(start));
        _runs.Add((end, typeId, sequenceId));
        TokenCount = end;
        return start;
    }

    private void Grow(int least)
    {
        int capacity = Math.Max(least, (int)Math.Min(_ids.Length * 2L, Array.MaxLength));
        Resize(ref _ids, capacity);
        if (located)
        {
            Resize(ref _words, capacity);
            Resize(ref _places, capacity);
        }
    }

    private void Resize<T>(ref T[] values, int capacity)
    {
        T[] old = values;
        values = capacity == 0 ? [] : ArrayPool<T>.Shared.Rent(capacity);
        old.AsSpan(0, Math.Min(TokenCount, values.Length)).CopyTo(values);
        ArrayPool<T>.Shared.Return(old);
    }
}
