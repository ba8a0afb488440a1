namespace BertSharp;

/// <summary>
/// Finds labelled parts of texts, such as names (Devlin et al. 2018, section 5.3): the answers of transformers' token
/// classification pipeline. Thread-safe; the same text gives the same answer in any batch.
/// </summary>
public sealed partial class TokenClassifier : ModelTask<BertForTokenClassification>
{
    private TokenClassifier(BertTokenizer tokenizer, BertForTokenClassification model)
        : base(tokenizer, model)
    {
    }

    /// <summary>Loads a folder in Hugging Face's layout, or a name of the local Hugging Face cache.</summary>
    /// <param name="path">The folder or name.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, a file is damaged or does not fit the others, or the model has another head.</exception>
    /// <exception cref="TokenizerException">A file of the tokenizer is damaged.</exception>
    public static TokenClassifier Load(string path, WeightFormat? weights = null) =>
        Load(path, weights, BertForTokenClassification.Load, static (tokenizer, model) => new TokenClassifier(tokenizer, model));

    /// <summary>Finds the entities of one text.</summary>
    /// <returns>The entities, in the order of the text.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public IReadOnlyList<Entity> Find(string text, FindOptions? options = null) => Find([text], options)[0];

    /// <summary>Finds the entities of many texts, packed and sorted by length inside, on all cores.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="options">Aggregation, windows, labels to ignore.</param>
    /// <param name="progress">Receives the number of texts done.</param>
    /// <param name="cancellation">Checked between blocks and layers.</param>
    /// <returns>The entities of each text, in the order of the texts.</returns>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public IReadOnlyList<IReadOnlyList<Entity>> Find(IReadOnlyList<string> texts, FindOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        Find(Encode(texts, options), texts, options, progress, cancellation);

    /// <summary>Finds the entities of texts that <see cref="Encode"/> has read, under the same options.</summary>
    /// <exception cref="ArgumentException">The options contradict each other, or the batch does not fit the model.</exception>
    public IReadOnlyList<IReadOnlyList<Entity>> Find(TokenBatch batch, IReadOnlyList<string> texts, FindOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        Find(batch, [.. texts.Select(text => new SplitText(text))], options ?? FindOptions.Default, progress, cancellation);

    /// <summary>The tokens that <see cref="Find(IReadOnlyList{string}, FindOptions?, IProgress{int}?, CancellationToken)"/> reads; says which texts were cut.</summary>
    public TokenBatch Encode(IReadOnlyList<string> texts, FindOptions? options = null) => Tokenizer.Encode(texts, EncodingOf(options ?? FindOptions.Default));

    private EncodeOptions EncodingOf(FindOptions options) =>
        new() { MaxLength = TokenLimit.Of(Config, Tokenizer, options.MaxLength), Stride = options.Stride, Offsets = true };

    private Entity[][] Find(TokenBatch batch, SplitText[] texts, FindOptions options, IProgress<int>? progress, CancellationToken cancellation)
    {
        if (options.Stride is not null && options.Aggregation == Aggregation.None)
        {
            throw new ArgumentException("With a Stride, entities of windows are joined, which needs an Aggregation other than None.", nameof(options));
        }

        TokenAggregation aggregation = new(Config.Id2Label, Tokenizer, options);
        LabeledSpan[][] spans = new LabeledSpan[batch.Count][];
        ForEachWindow(batch, FindInWindow, progress, cancellation);
        ILookup<int, LabeledSpan[]> windows = Enumerable.Range(0, batch.Count).ToLookup(batch.SourceOf, sequence => spans[sequence]);
        return [.. texts.Select((text, source) => EntityWindows.Join([.. windows[source]], text))];

        void FindInWindow(int sequence, FloatMatrix scores) =>
            spans[sequence] = [.. aggregation.Entities(ScoredToken.Of(Tokenizer, batch, sequence, texts[batch.SourceOf(sequence)], scores))];
    }

    /// <summary>Runs the model and hands over each sequence with its probabilities [S, labels], which change after that.</summary>
    private void ForEachWindow(TokenBatch batch, Action<int, FloatMatrix> use, IProgress<int>? progress, CancellationToken cancellation)
    {
        using HeadOutput output = new();
        InputProgress inputs = new(batch, progress);
        foreach (int[] block in SequenceBlocks.Of(batch))
        {
            Model.Forward(batch.Select(block), output, cancellation: cancellation);
            Softmax.Forward(output.Rows.Matrix);
            int row = 0;
            foreach (int sequence in block)
            {
                use(sequence, output.Logits.Slice(row, batch.Length(sequence)));
                row += batch.Length(sequence);
            }

            inputs.Report(block);
        }
    }
}
