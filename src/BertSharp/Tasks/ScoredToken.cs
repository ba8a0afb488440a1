namespace BertSharp;

/// <summary>A token of a text with the probabilities of all labels.</summary>
/// <param name="Word">The token; the text itself where the token is unknown.</param>
/// <param name="Start">The first UTF-16 unit in the text.</param>
/// <param name="End">The unit behind the last.</param>
/// <param name="Continues">Whether it continues the word before.</param>
/// <param name="Scores">[labels].</param>
internal readonly record struct ScoredToken(string Word, int Start, int End, bool Continues, ReadOnlyMemory<float> Scores)
{
    /// <summary>The highest probability's label; the first where several are highest.</summary>
    public int Best => IndexOfLargest(Scores.Span);

    /// <summary>The tokens of a sequence, without special ones.</summary>
    /// <param name="tokenizer">The tokenizer of the batch.</param>
    /// <param name="batch">A batch with offsets.</param>
    /// <param name="sequence">The sequence of it.</param>
    /// <param name="text">The text that the sequence is of, whole or in part.</param>
    /// <param name="scores">[S, labels].</param>
    public static List<ScoredToken> Of(BertTokenizer tokenizer, TokenBatch batch, int sequence, SplitText text, FloatMatrix scores)
    {
        ReadOnlySpan<int> ids = batch.InputIds[batch.SequenceOffsets[sequence]..], texts = batch.SequenceIds(sequence), words = batch.WordIds(sequence);
        ReadOnlySpan<TokenOffset> places = batch.CharOffsets(sequence);
        List<ScoredToken> tokens = new(texts.Length);
        for (int t = 0; t < texts.Length; t++)
        {
            if (texts[t] >= 0)
            {
                (int start, int end) = text.PlaceOf(places[t], words[t]);
                bool known = ids[t] != tokenizer.UnkId;
                string token = tokenizer.TokenOf(ids[t]);
                bool continues = known && ContinuesWord(token, tokenizer.Options.ContinuingSubwordPrefix, text, start, end);
                tokens.Add(new ScoredToken(known ? token : text.Text[start..end], start, end, continues, scores.Values.Slice(t * scores.Columns, scores.Columns)));
            }
        }

        return tokens;
    }

    /// <summary>The index of the largest value; the first where several are largest.</summary>
    public static int IndexOfLargest(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }

    /// <summary>
    /// The reference's guess: a token that is not as long as its text has a prefix, so it continues a word (a combining accent
    /// that was removed misleads it); without a prefix, what no space sets off continues one.
    /// </summary>
    private static bool ContinuesWord(string token, string prefix, SplitText text, int start, int end) => prefix.Length > 0
        ? SplitText.CodePoints(token) != text.CodePoints(start, end)
        : start > 0 && text.Text[start - 1] != ' ' && text.Text[start] != ' ';
}
