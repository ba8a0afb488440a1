namespace BertSharp;

/// <summary>
/// Masks tokens for the masked language model. The number of masked units (tokens, or whole words) is share × their number,
/// rounded up or down at random so that the share is exact on average; which ones is uniform. What becomes of each is one draw.
/// </summary>
internal sealed class TokenMasking
{
    /// <summary>The label of a token that is not predicted.</summary>
    public const int NotPredicted = -100;

    private readonly int _maskId;
    private readonly bool[] _special;
    private readonly bool[] _continues;
    private readonly int[] _ordinary;

    /// <summary>Takes from a vocabulary what is special and what continues a word.</summary>
    public TokenMasking(BertTokenizer tokenizer)
    {
        _maskId = tokenizer.MaskId;
        IEnumerable<int> ids = Enumerable.Range(0, tokenizer.VocabSize);
        _special = [.. ids.Select(tokenizer.IsSpecial)];
        _continues = [.. ids.Select(id => tokenizer.TokenOf(id).StartsWith(tokenizer.Options.ContinuingSubwordPrefix, StringComparison.Ordinal))];
        _ordinary = [.. ids.Where(id => !_special[id])];
    }

    /// <summary>Masks one example in place.</summary>
    /// <param name="ids">Its tokens.</param>
    /// <param name="labels">Gets the tokens to be predicted, <see cref="NotPredicted"/> elsewhere.</param>
    /// <param name="key">Every draw comes from it.</param>
    /// <param name="options">Shares.</param>
    public void Apply(Span<int> ids, Span<int> labels, ulong key, MaskingOptions options)
    {
        labels.Fill(NotPredicted);
        SplitMix64 random = new(key);
        List<(int Start, int End)> units = Units(ids, options.WholeWord);
        int wanted = (int)((units.Count * options.Share) + random.NextUnit()), left = options.MaxPredictions ?? int.MaxValue;
        for (int i = 0; i < units.Count && wanted > 0; i++)
        {
            int chosen = i + random.NextBelow(units.Count - i);
            (units[i], units[chosen]) = (units[chosen], units[i]);
            (int start, int end) = units[i];
            if (end - start <= left)
            {
                left -= end - start;
                wanted--;
                ids[start..end].CopyTo(labels[start..end]);
                Replace(ids[start..end], options, ref random);
            }
        }
    }

    /// <summary>What is masked as one: tokens, or a token with the pieces that continue it.</summary>
    public List<(int Start, int End)> Units(ReadOnlySpan<int> ids, bool wholeWord)
    {
        List<(int Start, int End)> units = [];
        for (int at = 0; at < ids.Length;)
        {
            int start = at++;
            if (_special[ids[start]])
            {
                continue;
            }

            while (wholeWord && at < ids.Length && _continues[ids[at]] && !_special[ids[at]])
            {
                at++;
            }

            units.Add((start, at));
        }

        return units;
    }

    private void Replace(Span<int> unit, MaskingOptions options, ref SplitMix64 random)
    {
        double draw = random.NextUnit();
        if (draw < options.MaskShare)
        {
            unit.Fill(_maskId);
        }
        else if (draw < options.MaskShare + options.RandomShare)
        {
            foreach (ref int id in unit)
            {
                id = _ordinary[random.NextBelow(_ordinary.Length)];
            }
        }
    }
}
