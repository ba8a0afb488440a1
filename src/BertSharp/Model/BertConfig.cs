namespace BertSharp;

/// <summary>
/// <c>config.json</c> of a model of BERT's family, key for key (Hugging Face's names in C# case). DistilBERT's own keys
/// (<c>dim</c>, <c>n_layers</c>, …) are the same properties. Keys that mean nothing here are kept and saved again.
/// </summary>
public sealed record BertConfig
{
    /// <summary><c>model_type</c>: bert, roberta, distilbert or electra.</summary>
    public string ModelType { get; init; } = "bert";

    /// <summary><c>architectures</c>: the classes in transformers that wrote the checkpoint, such as BertForMaskedLM.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary><c>vocab_size</c>, V.</summary>
    public int VocabSize { get; init; } = 30522;

    /// <summary><c>hidden_size</c>, H.</summary>
    public int HiddenSize { get; init; } = 768;

    /// <summary><c>num_hidden_layers</c>, L.</summary>
    public int NumHiddenLayers { get; init; } = 12;

    /// <summary><c>num_attention_heads</c>, N; divides H.</summary>
    public int NumAttentionHeads { get; init; } = 12;

    /// <summary><c>intermediate_size</c>, I.</summary>
    public int IntermediateSize { get; init; } = 3072;

    /// <summary><c>hidden_act</c>.</summary>
    public HiddenAct HiddenAct { get; init; } = HiddenAct.Gelu;

    /// <summary><c>max_position_embeddings</c>: rows of the position embeddings (RoBERTa's include the unused first ones).</summary>
    public int MaxPositionEmbeddings { get; init; } = 512;

    /// <summary><c>type_vocab_size</c>; 0 where the family has no token types.</summary>
    public int TypeVocabSize { get; init; } = 2;

    /// <summary><c>embedding_size</c>, E: width of the embeddings (ELECTRA); <see cref="HiddenSize"/> where it was never set (or set to 0).</summary>
    public int EmbeddingSize
    {
        get => field != 0 ? field : HiddenSize;
        init;
    }

    /// <summary><c>layer_norm_eps</c>, inside the square root.</summary>
    public double LayerNormEps { get; init; } = 1e-12;

    /// <summary><c>hidden_dropout_prob</c>, of training only.</summary>
    public double HiddenDropoutProb { get; init; } = 0.1;

    /// <summary><c>attention_probs_dropout_prob</c>, of training only.</summary>
    public double AttentionProbsDropoutProb { get; init; } = 0.1;

    /// <summary><c>classifier_dropout</c> (DistilBERT: <c>seq_classif_dropout</c>); null for <see cref="HiddenDropoutProb"/>.</summary>
    public double? ClassifierDropout { get; init; }

    /// <summary><c>qa_dropout</c>, DistilBERT's before its question answering head; null elsewhere.</summary>
    public double? QaDropout { get; init; }

    /// <summary><c>initializer_range</c>: standard deviation of new weights.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary><c>pad_token_id</c>.</summary>
    public int PadTokenId { get; init; }

    /// <summary><c>tie_word_embeddings</c>: whether the decoder of the masked language model is the word embeddings.</summary>
    public bool TieWordEmbeddings { get; init; } = true;

    /// <summary><c>id2label</c>, in the order of the ids; two by default.</summary>
    public IReadOnlyList<string> Id2Label { get; init; } = ["LABEL_0", "LABEL_1"];

    /// <summary><c>problem_type</c>: regression, single_label_classification, multi_label_classification, or null.</summary>
    public string? ProblemType { get; init; }

    /// <summary><c>quantization_config</c>: how the weights of the encoder's linear layers are held; null: all in float32.</summary>
    public QuantizationConfig? QuantizationConfig
    {
        get;
        init => field = value is { Weights: WeightFormat.Float32 } ? null : value;
    }

    /// <summary>Number of labels: that of <see cref="Id2Label"/>.</summary>
    public int NumLabels => Id2Label.Count;

    /// <summary>Width of one attention head, D = H / N.</summary>
    public int HeadSize => HiddenSize / NumAttentionHeads;

    /// <summary>The head of the first <see cref="Architectures"/> entry that is known; none where none is.</summary>
    public HeadKind Head => Architectures.Select(Family.Of(this).HeadOf).FirstOrDefault(head => head is not null) ?? HeadKind.None;

    /// <summary>The JSON that this was read from: its further keys are saved again.</summary>
    internal string? SourceJson { get; init; }

    /// <summary>Reads a file, or the <c>config.json</c> (or Google's <c>bert_config.json</c>) of a folder.</summary>
    /// <exception cref="CheckpointException">The file is absent or not JSON, or a value is missing, of the wrong kind, or refused by name.</exception>
    public static BertConfig Load(string path)
    {
        string file = path;
        if (Directory.Exists(path))
        {
            string google = Path.Combine(path, "bert_config.json");
            file = Path.Combine(path, "config.json");
            file = File.Exists(google) && !File.Exists(file) ? google : file;
        }

        return Parse(JsonFile.ReadText(file), file);
    }

    /// <summary>Parses the text of a <c>config.json</c>.</summary>
    /// <param name="json">The text.</param>
    /// <param name="fileName">The path for errors.</param>
    /// <exception cref="CheckpointException">As <see cref="Load"/>.</exception>
    public static BertConfig Parse(string json, string fileName = "config.json") => BertConfigReader.Read(json, fileName);

    /// <summary>The text of a <c>config.json</c> that transformers loads: what was read, with the changed values.</summary>
    /// <param name="storedType">The float type of the weights beside it, to record; null leaves the record as it was.</param>
    public string ToJson(TensorType? storedType = null) => BertConfigWriter.Write(this, storedType);

    /// <summary>Writes <see cref="ToJson"/> to a file, whole or not at all.</summary>
    public void Save(string path, TensorType? storedType = null) => AtomicFile.WriteText(path, ToJson(storedType));

    /// <summary>Checks the sizes against each other and against limits.</summary>
    /// <exception cref="CheckpointException">A value cannot be.</exception>
    public void Validate(string fileName = "config.json") => BertConfigRules.Check(this, fileName);
}
