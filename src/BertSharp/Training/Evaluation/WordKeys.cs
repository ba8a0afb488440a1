namespace BertSharp;

/// <summary>
/// Words as numbers: the pieces of a word are hashed together, so that words are compared and counted whatever their pieces.
/// A punctuation mark is a word, as it is where words are masked whole.
/// </summary>
internal sealed class WordKeys
{
    /// <summary>Stands for what lies before the first word of an example and behind the last.</summary>
    public const ulong Border = 0;

    private readonly TokenMasking _masking;
    private readonly HashSet<ulong> _punctuation;

    /// <summary>Takes from a vocabulary which pieces continue a word, and which have neither letter nor digit.</summary>
    public WordKeys(BertTokenizer tokenizer)
    {
        _masking = new TokenMasking(tokenizer);
        _punctuation = [.. Enumerable.Range(0, tokenizer.VocabSize).Where(id => !tokenizer.TokenOf(id).Any(char.IsLetterOrDigit)).Select(id => KeyOf([id]))];
    }

    /// <summary>Whether a word has neither letter nor digit.</summary>
    public bool IsPunctuation(ulong word) => _punctuation.Contains(word);

    /// <summary>The words of a batch that are masked, in the order of their pieces.</summary>
    public IEnumerable<MaskedWord> MaskedIn(MaskedBatch batch)
    {
        int[] unmasked = [.. batch.InputIds.Zip(batch.Labels, (input, label) => label == TokenMasking.NotPredicted ? input : label)];
        for (int example = 0; example < batch.Count; example++)
        {
            int first = batch.Offsets[example];
            int[] ids = unmasked[first..batch.Offsets[example + 1]];
            List<(int Start, int End)> units = _masking.Units(ids, wholeWord: true);
            ulong[] words = KeysOf(ids, units);
            for (int i = 0; i < units.Count; i++)
            {
                (int start, int end) = units[i];
                if (batch.Labels[first + start] != TokenMasking.NotPredicted)
                {
                    yield return new MaskedWord(words[i], i > 0 ? words[i - 1] : Border, i + 1 < words.Length ? words[i + 1] : Border, end - start);
                }
            }
        }
    }

    /// <summary>The words of an example without masks.</summary>
    public ulong[] Of(ReadOnlySpan<int> ids) => KeysOf(ids, _masking.Units(ids, wholeWord: true));

    private static ulong[] KeysOf(ReadOnlySpan<int> ids, List<(int Start, int End)> units)
    {
        ulong[] words = new ulong[units.Count];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = KeyOf(ids[units[i].Start..units[i].End]);
        }

        return words;
    }

    // 64 bits: that two of a hundred thousand words share a key has a chance below one in a billion.
    private static ulong KeyOf(ReadOnlySpan<int> pieces)
    {
        ulong key = Border;
        foreach (int piece in pieces)
        {
            key = SplitMix64.Derive(key, (ulong)piece);
        }

        return key;
    }
}
