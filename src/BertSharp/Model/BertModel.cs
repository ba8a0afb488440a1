namespace BertSharp;

/// <summary>
/// The encoder of BERT and its family: token ids in, hidden states and the pooled first token out
/// (Devlin et al. 2018, section 3; <c>BertModel</c> of transformers).
/// </summary>
public sealed class BertModel : PreTrainedModel
{
    private BertModel(LoadedModel source)
        : base(source)
    {
    }

    /// <summary>Loads the encoder of a checkpoint, whatever its head; a pooler where the checkpoint has one.</summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, a file is damaged, config and weights do not match, or a value is beyond the format.</exception>
    public static BertModel Load(string path, WeightFormat? weights = null) => Load(path, stored => QuantizationConfig.Choose(stored, weights));

    /// <summary>The same with a format for each layer.</summary>
    internal static BertModel Load(string path, QuantizationConfig? quantization) => Load(path, _ => quantization);

    /// <summary>A model with random weights, the same for the same seed.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the configuration says.</param>
    public static BertModel Create(BertConfig config, ulong seed = 0, WeightFormat? weights = null) =>
        new(Random(config with { QuantizationConfig = QuantizationConfig.Choose(config.QuantizationConfig, weights) }, HeadKind.None, seed));

    /// <summary>Runs a batch.</summary>
    /// <param name="batch">Packed sequences.</param>
    /// <param name="options">What to keep beside the last hidden state.</param>
    /// <param name="progress">Receives the number of sequences done, on this thread, from time to time and at the end.</param>
    /// <param name="cancellation">Checked between layers.</param>
    /// <returns>Hidden states [T, H], pooled output [B, H].</returns>
    /// <exception cref="ArgumentException">An id, type, position or length does not fit the configuration.</exception>
    public BertOutput Forward(TokenBatch batch, ForwardOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        BertOutput output = new();
        Forward(batch, output, options, progress, cancellation);
        return output;
    }

    /// <summary>The same into a result that the caller keeps: once warm, it allocates nothing.</summary>
    public void Forward(TokenBatch batch, BertOutput output, ForwardOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        Encode(batch.Packed, output, pooler: true, options, progress, cancellation);

    /// <summary>The same without a pooler, for tokens that are in no batch.</summary>
    internal void Forward(PackedTokens tokens, BertOutput output, ForwardOptions options, CancellationToken cancellation) =>
        Encode(tokens, output, pooler: false, options, null, cancellation);

    internal static BertModel Create(BertConfig config, RowSource source) =>
        new(new LoadedModel(config, new ModelParameters(BertSharp.ParameterList.Of(config, HeadKind.None), source, config.QuantizationConfig is { } quantization ? quantization.FormatOf : null), HeadKind.None));

    private static BertModel Load(string path, Func<QuantizationConfig?, QuantizationConfig?> choose)
    {
        using Checkpoint checkpoint = Checkpoint.Open(path);
        BertConfig config = ConfigOf(checkpoint, choose);
        HeadKind head = checkpoint.TryFind("bert.pooler.dense.weight", out _) ? HeadKind.None : HeadKind.TokenClassification;
        IReadOnlyList<ParameterInfo> list = [.. BertSharp.ParameterList.Of(config, head).Where(parameter => parameter.Part != ParameterPart.Head)];
        return new BertModel(new LoadedModel(config, Weights.Load(checkpoint, list, config.QuantizationConfig), HeadKind.None));
    }

    /// <summary>A checkpoint's configuration, with the formats that are chosen after it was seen.</summary>
    internal static BertConfig ConfigOf(Checkpoint checkpoint, Func<QuantizationConfig?, QuantizationConfig?> choose)
    {
        BertConfig stored = ConfigOf(checkpoint), config = stored with { QuantizationConfig = choose(stored.QuantizationConfig) };
        config.Validate(Path.Combine(checkpoint.Path, "config.json"));
        return config;
    }

    internal static BertConfig ConfigOf(Checkpoint checkpoint) => checkpoint.ConfigJson is { } json
        ? BertConfig.Parse(json, Path.Combine(checkpoint.Path, "config.json"))
        : throw new CheckpointException(checkpoint.Path, "there is no config.json beside the weights; copy the model's config.json there");
}
