namespace BertSharp;

/// <summary>
/// How likely one sentence follows another (Devlin et al. 2018, section 3.1, task 2).
/// Thread-safe; the same pair gives the same bits in any batch.
/// </summary>
public sealed class NextSentencePredictor : IDisposable
{
    private readonly BertForNextSentencePrediction _head;

    private NextSentencePredictor(BertTokenizer tokenizer, BertForNextSentencePrediction head)
    {
        _head = head;
        Tokenizer = tokenizer;
        MaxTokens = TokenLimit.Of(head.Config, tokenizer);
    }

    /// <summary>The tokenizer.</summary>
    public BertTokenizer Tokenizer { get; }

    /// <summary>The model's configuration.</summary>
    public BertConfig Config => _head.Config;

    /// <summary>Longest pair in tokens, special ones included; of a longer one the end of the longer text is cut off.</summary>
    public int MaxTokens { get; }

    /// <summary>Loads a pretrained BERT with this head.</summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <exception cref="CheckpointException">Nothing is there, or a file is damaged, or the model has no such head.</exception>
    /// <exception cref="TokenizerException">A file of the tokenizer is damaged.</exception>
    public static NextSentencePredictor Load(string path)
    {
        string folder = ModelFolder.Resolve(path);
        return new NextSentencePredictor(BertTokenizer.Load(folder), BertForNextSentencePrediction.Load(folder));
    }

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
        return [.. SequenceLogits.Of(_head, batch, progress, cancellation).Select(row =>
        {
            LogitScores.Softmax(row);
            return row[0];
        })];
    }

    /// <summary>Frees the weights, after the last call that uses them.</summary>
    public void Dispose() => _head.Dispose();
}
