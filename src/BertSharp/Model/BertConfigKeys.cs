using System.Text.Json.Nodes;

namespace BertSharp;

/// <summary>One key of <c>config.json</c>: its name in a family, and the value to write.</summary>
internal static class BertConfigKeys
{
    // BERT's key, DistilBERT's.
    private static readonly (string Bert, string DistilBert)[] DistilBertNames =
    [
        ("hidden_size", "dim"), ("num_hidden_layers", "n_layers"), ("num_attention_heads", "n_heads"), ("intermediate_size", "hidden_dim"),
        ("hidden_act", "activation"), ("hidden_dropout_prob", "dropout"), ("attention_probs_dropout_prob", "attention_dropout"),
        ("classifier_dropout", "seq_classif_dropout"),
    ];

    /// <summary>The name of a key in a family: DistilBERT has its own.</summary>
    public static string Name(string key, Family family) =>
        family == Family.DistilBert && Array.Find(DistilBertNames, row => row.Bert == key).DistilBert is { } own ? own : key;

    /// <summary>All keys that the configuration governs, under the family's names, with their values.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Values(BertConfig config)
    {
        Family family = Family.Of(config);
        JsonObject labels = new(config.Id2Label.Select((label, id) => KeyValuePair.Create(id.ToString(System.Globalization.CultureInfo.InvariantCulture), (JsonNode?)label)));
        JsonObject ids = [];
        for (int id = 0; id < config.Id2Label.Count; id++)
        {
            ids[config.Id2Label[id]] = id;
        }

        (string Key, JsonNode? Value, bool Applies)[] rows =
        [
            ("model_type", config.ModelType, true),
            ("architectures", new JsonArray([.. config.Architectures.Select(name => (JsonNode?)name)]), true),
            ("vocab_size", config.VocabSize, true),
            ("hidden_size", config.HiddenSize, true),
            ("num_hidden_layers", config.NumHiddenLayers, true),
            ("num_attention_heads", config.NumAttentionHeads, true),
            ("intermediate_size", config.IntermediateSize, true),
            ("hidden_act", HiddenActs.Name(config.HiddenAct), true),
            ("max_position_embeddings", config.MaxPositionEmbeddings, true),
            ("type_vocab_size", config.TypeVocabSize, family.HasTokenTypes),
            ("embedding_size", config.EmbeddingSize, family.HasEmbeddingSize),
            ("layer_norm_eps", config.LayerNormEps, family != Family.DistilBert),
            ("hidden_dropout_prob", config.HiddenDropoutProb, true),
            ("attention_probs_dropout_prob", config.AttentionProbsDropoutProb, true),
            ("classifier_dropout", config.ClassifierDropout, family != Family.DistilBert || config.ClassifierDropout is not null),
            ("qa_dropout", config.QaDropout, config.QaDropout is not null),
            ("initializer_range", config.InitializerRange, true),
            ("pad_token_id", config.PadTokenId, true),
            ("tie_word_embeddings", config.TieWordEmbeddings, true),
            ("id2label", labels, true),
            ("label2id", ids, true),
            ("problem_type", config.ProblemType, true),
            (CheckpointConverter.QuantizationKey, QuantizationConfigJson.Write(config.QuantizationConfig), config.QuantizationConfig is not null),
        ];
        return rows.Where(row => row.Applies).Select(row => KeyValuePair.Create(Name(row.Key, family), row.Value));
    }
}
