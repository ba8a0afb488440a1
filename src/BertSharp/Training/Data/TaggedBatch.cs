namespace BertSharp;

/// <summary>
/// Sentences with tags as a token classifier learns them (Devlin et al. 2018, section 5.3): the first piece of a word carries the
/// word's label, all other tokens none. Words behind the limit have no token: they are not learned, and count as <c>O</c>.
/// </summary>
/// <param name="Batch">A sequence for each sentence.</param>
/// <param name="Labels">For each sequence its [S] labels, −100 where a token carries none.</param>
internal sealed record TaggedBatch(TokenBatch Batch, int[][] Labels)
{
    /// <summary>Encodes sentences.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="sentences">The sentences.</param>
    /// <param name="names">The labels.</param>
    /// <param name="maxLength">The most tokens of a sequence, special ones included.</param>
    /// <exception cref="BadRecordException">A tag is none of the labels.</exception>
    public static TaggedBatch Encode(BertTokenizer tokenizer, IReadOnlyList<TaggedWords> sentences, LabelNames names, int maxLength)
    {
        TokenBatch batch = tokenizer.EncodeWords([.. sentences.Select(sentence => sentence.Tokens)], new EncodeOptions { MaxLength = maxLength, Offsets = true });
        return new TaggedBatch(batch, [.. sentences.Select((sentence, i) =>
        {
            int[] ofWords = [.. sentence.Tags.Select(tag => names.IdOf(tag, sentence.Place))];
            int[] labels = [.. Enumerable.Repeat(Losses.Ignored, batch.Length(i))];
            ForEachFirstPiece(batch.WordIds(i), (token, word) => labels[token] = ofWords[word]);
            return labels;
        })]);
    }

    /// <summary>The tags of a sentence's words, from the label that each token was given.</summary>
    /// <param name="batch">The batch that the sentence is of.</param>
    /// <param name="sequence">Its sequence.</param>
    /// <param name="predicted">[S] the label of each token.</param>
    /// <param name="words">How many words the sentence has, with those behind the limit.</param>
    /// <param name="names">The labels.</param>
    public static string[] TagsOf(TokenBatch batch, int sequence, int[] predicted, int words, LabelNames names)
    {
        string[] tags = [.. Enumerable.Repeat("O", words)];
        ForEachFirstPiece(batch.WordIds(sequence), (token, word) => tags[word] = names.Id2Label[predicted[token]]);
        return tags;
    }

    private static void ForEachFirstPiece(ReadOnlySpan<int> words, Action<int, int> use)
    {
        for (int token = 0; token < words.Length; token++)
        {
            if (words[token] >= 0 && (token == 0 || words[token] != words[token - 1]))
            {
                use(token, words[token]);
            }
        }
    }
}
