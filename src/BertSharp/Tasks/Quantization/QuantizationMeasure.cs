namespace BertSharp;

/// <summary>How a model is asked, and how its answers are compared with those of the float32 model.</summary>
/// <param name="config">The model's configuration.</param>
/// <param name="name">What the drop is, in words.</param>
internal abstract class QuantizationMeasure(BertConfig config, string name)
{
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

    /// <summary>The tokens of texts or pairs.</summary>
    public abstract TokenBatch Encode(IReadOnlyList<(string Text, string? TextPair)> data);

    /// <summary>The answers of the model, its layers held as a configuration says; null: in float32.</summary>
    public abstract float[][] Answer(QuantizationConfig? quantization, TokenBatch batch, IProgress<int> progress, CancellationToken cancellation);

    /// <summary>How far answers lie from the float32 model's.</summary>
    public abstract QuantizationDrop Compare(float[][] expected, float[][] found);

    /// <summary>Tokens as the model itself reads them.</summary>
    protected static TokenBatch Encode(BertTokenizer tokenizer, int maxTokens, IReadOnlyList<(string Text, string? TextPair)> data)
    {
        EncodeOptions options = new() { MaxLength = maxTokens };
        return data[0].TextPair is null
            ? tokenizer.Encode([.. data.Select(item => item.Text)], options)
            : tokenizer.Encode([.. data.Select(item => (item.Text, item.TextPair!))], options);
    }
}
