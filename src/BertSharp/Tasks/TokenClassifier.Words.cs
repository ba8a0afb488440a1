namespace BertSharp;

/// <content>Texts that are already split into words.</content>
public sealed partial class TokenClassifier
{
    /// <summary>Finds the entities of a text that is already split into words.</summary>
    /// <returns>The entities; their places are those in the words with one space between them.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public IReadOnlyList<Entity> FindInWords(IReadOnlyList<string> words, FindOptions? options = null) => FindInWords([words], options)[0];

    /// <summary>Finds the entities of many texts that are already split into words, as for texts that are whole.</summary>
    /// <param name="texts">The words of each text.</param>
    /// <param name="options">Aggregation, windows, labels to ignore.</param>
    /// <param name="progress">Receives the number of texts done.</param>
    /// <param name="cancellation">Checked between blocks and layers.</param>
    /// <returns>The entities of each text; their places are those in its words with one space between them.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public IReadOnlyList<IReadOnlyList<Entity>> FindInWords(IReadOnlyList<IReadOnlyList<string>> texts, FindOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        options ??= FindOptions.Default;
        return Find(Tokenizer.EncodeWords(texts, EncodingOf(options)), [.. texts.Select(words => new SplitText(words))], options, progress, cancellation);
    }

    /// <summary>Labels each word of a text that is already split into words, by the word's first token.</summary>
    /// <returns>One label a word.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public IReadOnlyList<WordLabel> LabelWords(IReadOnlyList<string> words, FindOptions? options = null) => LabelWords([words], options)[0];

    /// <summary>Labels the words of many texts; where windows share a word, the one counts that shows most on both sides of it.</summary>
    /// <param name="texts">The words of each text.</param>
    /// <param name="options">Length and stride of windows; without a stride, words behind the limit are <c>O</c>.</param>
    /// <param name="progress">Receives the number of texts done.</param>
    /// <param name="cancellation">Checked between blocks and layers.</param>
    /// <returns>The labels of each text's words.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public IReadOnlyList<IReadOnlyList<WordLabel>> LabelWords(IReadOnlyList<IReadOnlyList<string>> texts, FindOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        TokenBatch batch = Tokenizer.EncodeWords(texts, EncodingOf(options ?? FindOptions.Default));
        WordLabel[][] labels = [.. texts.Select(words => words.Select(word => new WordLabel(word, "O", 0f)).ToArray())];
        int[][] sight = [.. texts.Select(words => Enumerable.Repeat(-1, words.Count).ToArray())];
        ForEachWindow(batch, LabelWindow, progress, cancellation);
        return labels;

        void LabelWindow(int sequence, FloatMatrix scores)
        {
            int source = batch.SourceOf(sequence);
            ReadOnlySpan<int> words = batch.WordIds(sequence);
            for (int t = 0; t < words.Length; t++)
            {
                if (words[t] >= 0 && (t == 0 || words[t] != words[t - 1]))
                {
                    LabelWord(source, words[t], Math.Min(t, words.Length - 1 - t), scores.Row(t));
                }
            }
        }

        // A window may begin within a word. Such a token sees least, and the window before has labelled its word.
        void LabelWord(int source, int word, int seen, ReadOnlySpan<float> scores)
        {
            if (seen > sight[source][word])
            {
                int best = ScoredToken.IndexOfLargest(scores);
                sight[source][word] = seen;
                labels[source][word] = labels[source][word] with { Label = Config.Id2Label[best], Score = scores[best] };
            }
        }
    }
}
