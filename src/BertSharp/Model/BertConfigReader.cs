using System.Globalization;
using System.Text.Json;

namespace BertSharp;

/// <summary>Reads <c>config.json</c>: absent keys take transformers' defaults, wrong kinds and unsupported variants are errors by name.</summary>
internal sealed class BertConfigReader
{
    private const int MaxLabels = 1 << 20;

    private readonly JsonFields _fields;
    private readonly string _file;
    private readonly Family _family;

    private BertConfigReader(JsonElement root, string file)
    {
        _fields = new JsonFields(root, file);
        _file = file;
        string modelType = _fields.Text("model_type") ?? TypeOfArchitecture() ?? "bert";
        _family = Family.Find(modelType)
            ?? throw _fields.Error("model_type", $"'{CheckpointException.Show(modelType)}' is another architecture; expected one of {string.Join(", ", Family.All.Select(family => family.ModelType))}");
    }

    /// <summary>Parses and checks the text of a configuration.</summary>
    public static BertConfig Read(string json, string file)
    {
        using JsonDocument document = JsonFile.Parse(json, file);
        BertConfig config = new BertConfigReader(document.RootElement, file).Read() with { SourceJson = json };
        config.Validate(file);
        return config;
    }

    private BertConfig Read()
    {
        RefuseVariants();
        BertConfig defaults = new();
        bool distilBert = _family == Family.DistilBert;
        bool electra = _family == Family.Electra;
        return new BertConfig
        {
            ModelType = _family.ModelType,
            Architectures = _fields.Texts("architectures"),
            VocabSize = Integer("vocab_size", _family == Family.Roberta ? 50265 : defaults.VocabSize),
            HiddenSize = Integer("hidden_size", electra ? 256 : defaults.HiddenSize),
            NumHiddenLayers = Integer("num_hidden_layers", distilBert ? 6 : defaults.NumHiddenLayers),
            NumAttentionHeads = Integer("num_attention_heads", electra ? 4 : defaults.NumAttentionHeads),
            IntermediateSize = Integer("intermediate_size", electra ? 1024 : defaults.IntermediateSize),
            HiddenAct = Activation(),
            MaxPositionEmbeddings = Integer("max_position_embeddings", defaults.MaxPositionEmbeddings),
            TypeVocabSize = _family.HasTokenTypes ? Integer("type_vocab_size", defaults.TypeVocabSize) : 0,
            EmbeddingSize = _family.HasEmbeddingSize ? Integer("embedding_size", 128) : 0,
            LayerNormEps = distilBert ? 1e-12 : Number("layer_norm_eps") ?? defaults.LayerNormEps,
            HiddenDropoutProb = Number("hidden_dropout_prob") ?? defaults.HiddenDropoutProb,
            AttentionProbsDropoutProb = Number("attention_probs_dropout_prob") ?? defaults.AttentionProbsDropoutProb,
            ClassifierDropout = Number("classifier_dropout") ?? (distilBert ? 0.2 : null),
            QaDropout = distilBert ? Number("qa_dropout") ?? 0.1 : null,
            InitializerRange = Number("initializer_range") ?? defaults.InitializerRange,
            PadTokenId = Integer("pad_token_id", _family == Family.Roberta ? 1 : 0),
            TieWordEmbeddings = Flag("tie_word_embeddings") ?? true,
            Id2Label = Labels(),
            ProblemType = Text("problem_type"),
            QuantizationConfig = Find(CheckpointConverter.QuantizationKey) is { } quantization ? QuantizationConfigJson.Read(quantization, _file) : null,
        };
    }

    private void RefuseVariants()
    {
        foreach (string key in (string[])["is_decoder", "add_cross_attention", "is_encoder_decoder"])
        {
            if (Flag(key) == true)
            {
                throw Error(key, "decoders are not supported; expected false");
            }
        }

        if (Text("position_embedding_type") is { } positions && positions != "absolute")
        {
            throw Error("position_embedding_type", $"expected absolute, found '{CheckpointException.Show(positions)}', which is not supported");
        }

        if (Find("pruned_heads") is { ValueKind: JsonValueKind.Object } pruned && pruned.EnumerateObject().Any())
        {
            throw Error("pruned_heads", "pruned attention heads are not supported; expected {}");
        }
    }

    private HiddenAct Activation()
    {
        string name = Text("hidden_act") ?? "gelu";
        return HiddenActs.Find(name) ?? throw Error("hidden_act", $"'{CheckpointException.Show(name)}' is not supported; expected one of {HiddenActs.Names}");
    }

    // id2label where present; else num_labels; else two.
    private string[] Labels()
    {
        if (Find("id2label") is null)
        {
            int count = Integer("num_labels", Integer("_num_labels", 2));
            return count is >= 1 and <= MaxLabels
                ? [.. Enumerable.Range(0, count).Select(id => $"LABEL_{id}")]
                : throw Error("num_labels", $"expected 1 to {MaxLabels}, found {count}");
        }

        Dictionary<string, string> texts = _fields.TextMap("id2label");
        string[] labels = new string[texts.Count];
        foreach ((string key, string label) in texts)
        {
            bool valid = int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id < labels.Length && labels[id] is null;
            labels[valid ? id : 0] = valid ? label : throw Error("id2label", $"expected the ids 0 to {labels.Length - 1}, found '{CheckpointException.Show(key)}'");
        }

        return labels.Length > 0 ? labels : throw Error("id2label", "expected at least one label");
    }

    private string? TypeOfArchitecture() =>
        _fields.Texts("architectures").Select(name => Family.All.FirstOrDefault(family => family.HeadOf(name) is not null)?.ModelType).FirstOrDefault(type => type is not null);

    private JsonElement? Find(string key) => _fields.Find(Name(key));

    private int Integer(string key, int absent) => _fields.Integer(Name(key)) ?? absent;

    private double? Number(string key) => _fields.Number(Name(key));

    private bool? Flag(string key) => _fields.Flag(Name(key));

    private string? Text(string key) => _fields.Text(Name(key));

    private CheckpointException Error(string key, string message) => _fields.Error(Name(key), message);

    private string Name(string key) => BertConfigKeys.Name(key, _family);
}
