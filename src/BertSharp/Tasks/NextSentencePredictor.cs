namespace BertSharp;

/// <summary>
/// How likely one sentence follows another (Devlin et al. 2018, section 3.1, task 2).
/// Thread-safe; the same pair gives the same bits in any batch.
/// </summary>
public sealed class NextSentencePredictor : ModelTask<BertForNextSentencePrediction>
{
    private NextSentencePredictor(BertTokenizer tokenizer, BertForNextSentencePrediction model)
        : base(tokenizer, model)
    {
    }

    /// <summary>Loads a pretrained BERT with this head.</summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, or a file is damaged, or the model has no such head.</exception>
    /// <exception cref="TokenizerException">A file of the tokenizer is damaged.</exception>
    public static NextSentencePredictor Load(string path, WeightFormat? weights = null) =>
        Load(path, weights, BertForNextSentencePrediction.Load, static (tokenizer, model) => new NextSentencePredictor(tokenizer, model));

    /// <summary>The probability that <paramref name="second"/> follows <paramref name="first"/>.</summary>
    public float Predict(string first, string second) => Predict([(first, second)])[0];

    /// <summary>The same for many pairs, packed and sorted by length inside, on all cores.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="progress">Receives the number of pairs done.</param>
    /// <param name="cancellation">Checked between batches and layers.</param>
    /// <returns>One probability a pair.</returns>
    public float[] Predict(IReadOnlyList<(string First, string Second)> pairs, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        TokenBatch batch = Tokenizer.Encode(pairs, new EncodeOptions { MaxLength = MaxTokens });
        return [.. SequenceLogits.Of(Model, batch, progress, cancellation).Select(row =>
        {
            LogitScores.Softmax(row);
            return row[0];
        })];
    }
}
