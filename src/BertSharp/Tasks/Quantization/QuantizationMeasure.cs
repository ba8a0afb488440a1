namespace BertSharp;

/// <summary>How a model is asked, and how its answers are compared with those of the float32 model.</summary>
/// <param name="folder">The model's folder.</param>
/// <param name="config">The model's configuration.</param>
/// <param name="name">What the drop is, in words.</param>
internal abstract class QuantizationMeasure(string folder, BertConfig config, string name)
{
    /// <summary>The model's folder.</summary>
    protected string Folder { get; } = folder;

    /// <summary>The model's configuration.</summary>
    protected BertConfig Config { get; } = config;

    /// <summary>What the drop is, in words.</summary>
    public string Name { get; } = name;

    /// <summary>The layers that can be quantized.</summary>
    public IReadOnlyList<string> Modules { get; } = QuantizationConfig.ModulesOf(config);

    /// <summary>The measure that fits a folder.</summary>
    public static QuantizationMeasure For(string folder)
    {
        BertConfig config = BertConfig.Load(SentenceTransformerConfig.TransformerFolder(folder));
        return File.Exists(Path.Combine(folder, "modules.json")) ? new EmbeddingMeasure(folder, config)
            : config.Head == HeadKind.SequenceClassification ? new LabelMeasure(folder, config)
            : new HiddenStateMeasure(folder, config);
    }

    /// <summary>The tokens of texts or pairs, as the model itself reads them.</summary>
    public virtual TokenBatch Encode(IReadOnlyList<(string Text, string? TextPair)> data)
    {
        BertTokenizer tokenizer = BertTokenizer.Load(Folder);
        EncodeOptions options = new() { MaxLength = TokenLimit.Of(Config, tokenizer, null) };
        return data[0].TextPair is null
            ? tokenizer.Encode([.. data.Select(item => item.Text)], options)
            : tokenizer.Encode([.. data.Select(item => (item.Text, item.TextPair!))], options);
    }

    /// <summary>The answers of the model, its layers held as a configuration says; null: in float32.</summary>
    public abstract float[][] Answer(QuantizationConfig? quantization, TokenBatch batch, IProgress<int> progress, CancellationToken cancellation);

    /// <summary>How far answers lie from the float32 model's.</summary>
    public abstract QuantizationDrop Compare(float[][] expected, float[][] found);
}
