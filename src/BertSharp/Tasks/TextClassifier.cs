namespace BertSharp;

/// <summary>
/// Labels for texts or pairs of texts (Devlin et al. 2018, section 4.1): sentiment, topic, whether one text follows from
/// another. The scores are those of transformers' text-classification pipeline.
/// Thread-safe; the same text gives the same bits in any batch.
/// </summary>
public sealed class TextClassifier : ModelTask<BertForSequenceClassification>
{
    private TextClassifier(BertTokenizer tokenizer, BertForSequenceClassification model)
        : base(tokenizer, model)
    {
    }

    /// <summary>
    /// What makes scores of the logits where the caller does not say: nothing with <c>problem_type</c> regression, sigmoid
    /// with multi_label_classification or one label, else softmax.
    /// </summary>
    public ScoreFunction Function => FunctionOf(Config);

    /// <summary>Loads a sequence classifier of any family.</summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, or a file is damaged, or the model has no such head.</exception>
    /// <exception cref="TokenizerException">A file of the tokenizer is damaged.</exception>
    public static TextClassifier Load(string path, WeightFormat? weights = null) =>
        Load(path, weights, BertForSequenceClassification.Load, static (tokenizer, model) => new TextClassifier(tokenizer, model));

    /// <summary>The best label of a text.</summary>
    public ClassLabel Classify(string text) => Classify([text], new ClassifyOptions { TopK = 1 })[0][0];

    /// <summary>The best label of a pair of texts.</summary>
    public ClassLabel Classify(string text, string textPair) => Classify([(text, textPair)], new ClassifyOptions { TopK = 1 })[0][0];

    /// <summary>The labels of many texts, packed and sorted by length inside, on all cores.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="options">How many labels, and what their scores are.</param>
    /// <param name="progress">Receives the number of texts done.</param>
    /// <param name="cancellation">Checked between batches and layers.</param>
    /// <returns>For each text its labels, the best first.</returns>
    /// <exception cref="ArgumentException">TopK is below 1.</exception>
    public IReadOnlyList<IReadOnlyList<ClassLabel>> Classify(IReadOnlyList<string> texts, ClassifyOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        Classify(Encode(texts), options, progress, cancellation);

    /// <summary>The labels of many pairs of texts; else as for texts.</summary>
    /// <exception cref="ArgumentException">TopK is below 1.</exception>
    public IReadOnlyList<IReadOnlyList<ClassLabel>> Classify(IReadOnlyList<(string Text, string TextPair)> pairs, ClassifyOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        Classify(Encode(pairs), options, progress, cancellation);

    /// <summary>The tokens that <c>Classify</c> reads; says which texts were cut.</summary>
    public TokenBatch Encode(IReadOnlyList<string> texts) => Tokenizer.Encode(texts, new EncodeOptions { MaxLength = MaxTokens });

    /// <summary>The tokens of pairs; says which were cut.</summary>
    public TokenBatch Encode(IReadOnlyList<(string Text, string TextPair)> pairs) => Tokenizer.Encode(pairs, new EncodeOptions { MaxLength = MaxTokens });

    /// <summary>The labels of texts that <c>Encode</c> has read.</summary>
    /// <exception cref="ArgumentException">TopK is below 1, or the batch does not fit the model.</exception>
    public IReadOnlyList<IReadOnlyList<ClassLabel>> Classify(TokenBatch batch, ClassifyOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        int topK = LogitScores.TopK(options?.TopK);
        float[][] logits = SequenceLogits.Of(Model, batch, progress, cancellation);
        return [.. logits.Select(row =>
        {
            LogitScores.Apply(options?.Function ?? Function, row);
            return LogitScores.Sorted(Config.Id2Label, row, topK);
        })];
    }

    /// <summary><see cref="Function"/> of a configuration.</summary>
    internal static ScoreFunction FunctionOf(BertConfig config) => config.ProblemType switch
    {
        "regression" => ScoreFunction.None,
        "multi_label_classification" => ScoreFunction.Sigmoid,
        _ => config.NumLabels == 1 ? ScoreFunction.Sigmoid : ScoreFunction.Softmax,
    };
}
