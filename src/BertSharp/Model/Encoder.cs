namespace BertSharp;

/// <summary>
/// Embeddings and layers as objects over their parameters: the stack that every family and head shares
/// (Devlin et al. 2018, section 3). Immutable, so any number of threads may run it.
/// </summary>
internal sealed class Encoder
{
    public Encoder(BertConfig config, ModelParameters parameters)
    {
        Config = config;
        Parameters = parameters;
        Embeddings = new Embeddings(
            parameters["bert.embeddings.word_embeddings.weight"],
            parameters["bert.embeddings.position_embeddings.weight"],
            parameters.Find("bert.embeddings.token_type_embeddings.weight"),
            parameters.LayerNorm("bert.embeddings.LayerNorm", config),
            config.EmbeddingSize == config.HiddenSize ? null : parameters.Linear("bert.embeddings_project"),
            config.PadTokenId,
            Family.Of(config).PositionsFollowPadding ? config.PadTokenId : -1);
        Layers = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(layer => Layer(config, parameters, $"bert.encoder.layer.{layer}."))];
        Pooler = parameters.Find("bert.pooler.dense.weight") is null ? null : parameters.Linear("bert.pooler.dense");
    }

    public BertConfig Config { get; }

    public ModelParameters Parameters { get; }

    public Embeddings Embeddings { get; }

    public EncoderLayer[] Layers { get; }

    /// <summary>tanh(dense(x of the first token)) is BERT's pooled output; null where the model has none.</summary>
    public Linear? Pooler { get; }

    /// <summary>The kernel for a <c>hidden_act</c>.</summary>
    public static Activation ActivationOf(HiddenAct act) => act switch
    {
        HiddenAct.Gelu => Activation.Gelu,
        HiddenAct.GeluNew => Activation.GeluTanh,
        HiddenAct.QuickGelu => Activation.QuickGelu,
        HiddenAct.Relu => Activation.Relu,
        HiddenAct.Relu6 => Activation.Relu6,
        HiddenAct.Relu2 => Activation.ReluSquared,
        HiddenAct.LeakyRelu => Activation.LeakyRelu,
        HiddenAct.Silu => Activation.Silu,
        HiddenAct.Tanh => Activation.Tanh,
        HiddenAct.Sigmoid => Activation.Sigmoid,
        HiddenAct.Mish => Activation.Mish,
        HiddenAct.Linear => Activation.None,
        _ => throw new ArgumentOutOfRangeException(nameof(act), act, "Not an activation."),
    };

    private static EncoderLayer Layer(BertConfig config, ModelParameters parameters, string path) => new(
        new SelfAttention(
            parameters.Linear(path + "attention.self.query"),
            parameters.Linear(path + "attention.self.key"),
            parameters.Linear(path + "attention.self.value"),
            parameters.Linear(path + "attention.output.dense"),
            parameters.LayerNorm(path + "attention.output.LayerNorm", config),
            config.NumAttentionHeads),
        new FeedForward(
            parameters.Linear(path + "intermediate.dense"),
            ActivationOf(config.HiddenAct),
            parameters.Linear(path + "output.dense"),
            parameters.LayerNorm(path + "output.LayerNorm", config)));
}
