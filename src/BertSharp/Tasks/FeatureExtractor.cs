namespace BertSharp;

/// <summary>
/// Vectors of single tokens from chosen layers, as features for other models (Devlin et al. 2018, section 5.3;
/// <c>extract_features.py</c> of Google's code, the pipeline <c>feature-extraction</c> of transformers).
/// Takes any checkpoint of the family, whatever its head. Thread-safe; the same text gives the same bits in any batch.
/// </summary>
public sealed class FeatureExtractor : ModelTask<BertModel>
{
    private FeatureExtractor(BertTokenizer tokenizer, BertModel model, int? maxSeqLength)
        : base(tokenizer, model, maxSeqLength)
    {
    }

    /// <summary>Loads a folder in the layout of transformers or sentence-transformers, or a name of the local Hugging Face cache.</summary>
    /// <param name="path">The folder or name.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, or a file is damaged or does not fit the others.</exception>
    /// <exception cref="TokenizerException">A file of the tokenizer is damaged.</exception>
    public static FeatureExtractor Load(string path, WeightFormat? weights = null)
    {
        string folder = ModelFolder.Resolve(path);
        SentenceTransformerConfig config = SentenceTransformerConfig.Load(folder);
        return Load(Path.Combine(folder, config.TransformerPath), weights, BertModel.Load, (tokenizer, model) => new FeatureExtractor(tokenizer, model, config.MaxSeqLength));
    }

    /// <summary>The token vectors of one text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="layers">
    /// Hidden states in the order wanted: 0 is the embeddings, 1 … L the layers, −1 the last, −2 the one before; none given:
    /// the last.
    /// </param>
    /// <exception cref="ArgumentException">A layer is beyond the model's.</exception>
    public TokenFeatures Extract(string text, params IReadOnlyList<int> layers) => Extract([text], layers)[0];

    /// <summary>The token vectors of many texts, packed and sorted by length inside, on all cores.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="layers">As for one text.</param>
    /// <param name="progress">Receives the number of texts done.</param>
    /// <param name="cancellation">Checked between blocks and layers.</param>
    /// <returns>One result a text, in their order.</returns>
    /// <exception cref="ArgumentException">A layer is beyond the model's.</exception>
    public IReadOnlyList<TokenFeatures> Extract(IReadOnlyList<string> texts, IReadOnlyList<int>? layers = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        int[] chosen = layers is null or [] ? [Config.NumHiddenLayers] : [.. layers.Select(IndexOf)];
        TokenBatch batch = Tokenizer.Encode(texts, new EncodeOptions { MaxLength = MaxTokens, Offsets = true });
        var features = new TokenFeatures[batch.Count];
        using BertOutput output = new();
        int done = 0;
        foreach (int[] sequences in SequenceBlocks.Of(batch))
        {
            TokenBatch block = batch.Select(sequences);
            Model.Forward(block, output, new ForwardOptions { HiddenStates = true }, null, cancellation);
            for (int i = 0; i < sequences.Length; i++)
            {
                features[sequences[i]] = Features(block, i, chosen, output);
            }

            progress?.Report(done += sequences.Length);
        }

        return features;
    }

    private TokenFeatures Features(TokenBatch block, int sequence, int[] layers, BertOutput output)
    {
        int first = block.SequenceOffsets[sequence], length = block.Length(sequence);
        string[] tokens = new string[length];
        for (int i = 0; i < length; i++)
        {
            tokens[i] = Tokenizer.TokenOf(block.InputIds[first + i]);
        }

        return new TokenFeatures(
            tokens, block.CharOffsets(sequence).ToArray(), layers,
            [.. layers.Select(layer => new FloatMatrix(output.HiddenStates(layer).Slice(first, length).ToArray(), length, Config.HiddenSize))],
            block.Truncated(sequence));
    }

    private int IndexOf(int layer)
    {
        int states = Config.NumHiddenLayers + 1;
        return layer >= -states && layer < states
            ? (layer + states) % states
            : throw new ArgumentException($"There is no layer {layer}; the model has {-states} … {states - 1}, where 0 is the embeddings and −1 the last layer.", nameof(layer));
    }
}
