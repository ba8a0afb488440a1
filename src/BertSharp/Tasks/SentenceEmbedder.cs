namespace BertSharp;

/// <summary>
/// One vector for each text (Reimers, Gurevych 2019): a model folder of sentence-transformers, or any BERT with mean pooling.
/// Thread-safe; the same text gives the same bits in any batch.
/// </summary>
public sealed class SentenceEmbedder : IDisposable
{
    private readonly BertModel _model;
    private readonly EmbeddingModules _modules;

    internal SentenceEmbedder(BertModel model, BertTokenizer tokenizer, SentenceTransformerConfig config, EmbeddingModules modules)
    {
        _model = model;
        _modules = modules;
        Tokenizer = tokenizer;
        Config = config;
        MaxTokens = TokenLimit.Of(model.Config, tokenizer, config.MaxSeqLength);
    }

    internal BertModel Model => _model;

    internal EmbeddingModules Modules => _modules;

    /// <summary>What the sentence-transformers folder says.</summary>
    public SentenceTransformerConfig Config { get; }

    /// <summary>The tokenizer.</summary>
    public BertTokenizer Tokenizer { get; }

    /// <summary>Length of a vector, before truncation.</summary>
    public int Dimension => _modules.Dimension;

    /// <summary>Longest input in tokens, special ones included; the rest of a longer text is cut off.</summary>
    public int MaxTokens { get; }

    /// <summary>The model's own measure of likeness (<c>similarity_fn_name</c>; cosine where it names none).</summary>
    /// <exception cref="CheckpointException">The configuration names another function.</exception>
    public SimilarityFunction SimilarityFunction => Config.SimilarityFnName switch
    {
        null or "cosine" => SimilarityFunction.Cosine,
        "dot" or "dot_product" => SimilarityFunction.Dot,
        "euclidean" => SimilarityFunction.Euclidean,
        "manhattan" => SimilarityFunction.Manhattan,
        string other => throw new CheckpointException("config_sentence_transformers.json", $"'{other}' is not a similarity; expected cosine, dot, euclidean or manhattan", "similarity_fn_name"),
    };

    /// <summary>Loads a folder in the layout of sentence-transformers or transformers, or a name of the local Hugging Face cache.</summary>
    /// <param name="path">The folder or name.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, or a file is damaged or does not fit the others.</exception>
    /// <exception cref="TokenizerException">A file of the tokenizer is damaged.</exception>
    public static SentenceEmbedder Load(string path, WeightFormat? weights = null) => Load(path, transformer => BertModel.Load(transformer, weights));

    /// <summary>The same with a format for each layer.</summary>
    internal static SentenceEmbedder Load(string path, QuantizationConfig? quantization) => Load(path, transformer => BertModel.Load(transformer, quantization));

    /// <summary>Embeds one text.</summary>
    /// <returns>[<see cref="Dimension"/>, or TruncateDim].</returns>
    public float[] Embed(string text, EmbedOptions? options = null)
    {
        float[] vector = new float[DimensionOf(options)];
        Embed([text], vector, options);
        return vector;
    }

    /// <summary>Embeds many texts, packed and sorted by length inside, on all cores.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="options">Prompt, normalisation, truncation.</param>
    /// <param name="progress">Receives the number of texts done.</param>
    /// <param name="cancellation">Checked between batches and layers.</param>
    /// <returns>One vector a text, in their order.</returns>
    public float[][] Embed(IReadOnlyList<string> texts, EmbedOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        Embed(Encode(texts, options), options, progress, cancellation);

    /// <summary>The same into the caller's memory: once warm, it allocates nothing.</summary>
    /// <param name="texts">B texts.</param>
    /// <param name="vectors">[B, dimension], filled row after row.</param>
    /// <param name="options">Prompt, normalisation, truncation.</param>
    /// <param name="progress">Receives the number of texts done.</param>
    /// <param name="cancellation">Checked between batches and layers.</param>
    /// <exception cref="ArgumentException"><paramref name="vectors"/> has another length.</exception>
    public void Embed(IReadOnlyList<string> texts, Span<float> vectors, EmbedOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        EmbeddingPass pass = EmbeddingPass.Idle.Take();
        try
        {
            string prompt = PromptOf(options);
            PackedTokens tokens = pass.Tokenize(Tokenizer, texts, prompt, Config.DoLowerCase, MaxTokens);
            pass.Run(_model, tokens, _modules, Settings(prompt, options), vectors, progress, cancellation);
        }
        finally
        {
            EmbeddingPass.Idle.Give(pass);
        }
    }

    /// <summary>The tokens that <see cref="Embed(IReadOnlyList{string}, EmbedOptions?, IProgress{int}?, CancellationToken)"/> reads; says which texts were cut.</summary>
    public TokenBatch Encode(IReadOnlyList<string> texts, EmbedOptions? options = null)
    {
        string prompt = PromptOf(options);
        IReadOnlyList<string> inputs = prompt.Length == 0 && !Config.DoLowerCase
            ? texts
            : [.. texts.Select(text => Config.DoLowerCase ? (prompt + text).ToLowerInvariant() : prompt + text)];
        return Tokenizer.Encode(inputs, new EncodeOptions { MaxLength = MaxTokens });
    }

    /// <summary>Embeds texts that <see cref="Encode"/> has read, under the same options.</summary>
    public float[][] Embed(TokenBatch batch, EmbedOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        int dimension = DimensionOf(options);
        float[] all = new float[checked(batch.Count * dimension)];
        EmbeddingPass pass = EmbeddingPass.Idle.Take();
        try
        {
            pass.Run(_model, batch.Packed, _modules, Settings(PromptOf(options), options), all, progress, cancellation);
        }
        finally
        {
            EmbeddingPass.Idle.Give(pass);
        }

        float[][] vectors = new float[batch.Count][];
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = all.AsSpan(i * dimension, dimension).ToArray();
        }

        return vectors;
    }

    /// <summary>How alike two vectors are by <see cref="SimilarityFunction"/>.</summary>
    public float Similarity(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => BertSharp.Similarity.Score(SimilarityFunction, a, b);

    /// <summary>Saves model, tokenizer and modules in the layout of sentence-transformers.</summary>
    /// <param name="folder">A new folder.</param>
    /// <param name="options">Float type and shards of the weights.</param>
    /// <param name="cancellation">A cancelled save leaves no folder.</param>
    public void Save(string folder, SaveOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new SaveOptions();
        SentenceTransformerConfig config = Config with { TransformerPath = "" };
        Dictionary<string, ReadOnlyMemory<byte>> files = new(options.Files);
        foreach ((string name, string text) in config.ToFiles(_model.Config.HiddenSize))
        {
            files[name] = System.Text.Encoding.UTF8.GetBytes(text);
        }

        AddFiles(files, config);
        _model.Save(folder, options with { Files = files }, cancellation);
    }

    /// <summary>Frees the weights, after the last call that uses them.</summary>
    public void Dispose()
    {
        _model.Dispose();
        _modules.Dispose();
    }

    private static SentenceEmbedder Load(string path, Func<string, BertModel> load)
    {
        string folder = ModelFolder.Resolve(path);
        SentenceTransformerConfig config = SentenceTransformerConfig.Load(folder);
        string transformer = Path.Combine(folder, config.TransformerPath);
        BertTokenizer tokenizer = BertTokenizer.Load(transformer);
        BertModel model = load(transformer);
        try
        {
            return new SentenceEmbedder(model, tokenizer, config, EmbeddingModules.Load(folder, config, model.Config.HiddenSize));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The files of tokenizer and dense layers, so that they are saved with the weights, all or none.</summary>
    private void AddFiles(Dictionary<string, ReadOnlyMemory<byte>> files, SentenceTransformerConfig config)
    {
        string folder = Directory.CreateTempSubdirectory("bertsharp-").FullName;
        try
        {
            Tokenizer.Save(folder);
            _modules.Save(folder, config);
            foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            {
                files[Path.GetRelativePath(folder, file).Replace('\\', '/')] = File.ReadAllBytes(file);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private int DimensionOf(EmbedOptions? options) => options?.TruncateDim switch
    {
        null => Dimension,
        int dimension when dimension >= 1 && dimension <= Dimension => dimension,
        int dimension => throw new ArgumentException($"TruncateDim is {dimension}; expected 1 … {Dimension}.", nameof(options)),
    };

    private string PromptOf(EmbedOptions? options)
    {
        if (options?.Prompt is { } prompt)
        {
            return prompt;
        }

        string? name = options?.PromptName ?? Config.DefaultPromptName;
        return name is null ? ""
            : Config.Prompts.TryGetValue(name, out string? text) ? text
            : throw new ArgumentException($"The model has no prompt '{name}'; it has {(Config.Prompts.Count == 0 ? "none" : string.Join(", ", Config.Prompts.Keys))}.", nameof(options));
    }

    private EmbeddingSettings Settings(string prompt, EmbedOptions? options)
    {
        // The prompt's own tokens: [CLS] and its pieces, without the [SEP] that would end it.
        int promptTokens = prompt.Length == 0 || Config.IncludePrompt ? 0 : Tokenizer.Encode(prompt).TokenCount - 1;
        return new EmbeddingSettings(DimensionOf(options), promptTokens, options?.Normalize ?? Config.Normalize, options?.Normalize == true);
    }
}
