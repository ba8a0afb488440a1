namespace BertSharp;

/// <summary>What a configuration must satisfy before anything is sized by it.</summary>
internal static class BertConfigRules
{
    /// <summary>Throws where a value cannot be.</summary>
    /// <exception cref="CheckpointException">Names the key, what is expected, what was found.</exception>
    public static void Check(BertConfig config, string file)
    {
        Family family = Family.Find(config.ModelType) ?? throw new CheckpointException(file, $"'{CheckpointException.Show(config.ModelType)}' is none of BERT's family", "model_type");
        Range("vocab_size", config.VocabSize, 1, 1 << 24);
        Range("hidden_size", config.HiddenSize, 1, 1 << 16);
        Range("embedding_size", config.EmbeddingSize, 1, 1 << 16);
        Require(family.HasEmbeddingSize || config.EmbeddingSize == config.HiddenSize, "embedding_size", $"must be hidden_size {config.HiddenSize} in {family.ModelType}, found {config.EmbeddingSize}");
        Range("num_hidden_layers", config.NumHiddenLayers, 1, 1024);
        Range("num_attention_heads", config.NumAttentionHeads, 1, 1 << 16);
        Range("intermediate_size", config.IntermediateSize, 1, 1 << 20);
        Range("max_position_embeddings", config.MaxPositionEmbeddings, family.FirstPosition(Math.Clamp(config.PadTokenId, 0, 1 << 24)) + 1, 1 << 24);
        Range("type_vocab_size", config.TypeVocabSize, family.HasTokenTypes ? 1 : 0, 1 << 16);
        Range("pad_token_id", config.PadTokenId, 0, config.VocabSize - 1);
        Range("id2label", config.NumLabels, 1, 1 << 20);
        Require(config.HiddenSize % config.NumAttentionHeads == 0, "num_attention_heads", $"must divide hidden_size {config.HiddenSize}, found {config.NumAttentionHeads}");
        Require(config.LayerNormEps is > 0 and < 1, "layer_norm_eps", $"expected a number between 0 and 1, found {config.LayerNormEps}");
        Require(config.InitializerRange is >= 0 and <= 100, "initializer_range", $"expected 0 to 100, found {config.InitializerRange}");
        Probability("hidden_dropout_prob", config.HiddenDropoutProb);
        Probability("attention_probs_dropout_prob", config.AttentionProbsDropoutProb);
        Probability("classifier_dropout", config.ClassifierDropout ?? 0);
        Probability("qa_dropout", config.QaDropout ?? 0);

        // Each matrix must fit into one span.
        Matrix("vocab_size", config.VocabSize, config.EmbeddingSize);
        Matrix("max_position_embeddings", config.MaxPositionEmbeddings, config.EmbeddingSize);
        Matrix("intermediate_size", config.IntermediateSize, config.HiddenSize);
        Matrix("hidden_size", config.HiddenSize, config.HiddenSize);
        Matrix("type_vocab_size", config.TypeVocabSize, config.EmbeddingSize);
        Matrix("id2label", config.NumLabels, config.HiddenSize);

        if (config.QuantizationConfig is { Weights: WeightFormat.Int8 or WeightFormat.Int8Dynamic })
        {
            // Sums of products of whole numbers stay within 32 bits.
            Require(config.HiddenSize <= Int8Panels.MaxDepth, "hidden_size", $"is {config.HiddenSize}; int8 weights have at most {Int8Panels.MaxDepth} inputs");
            Require(config.IntermediateSize <= Int8Panels.MaxDepth, "intermediate_size", $"is {config.IntermediateSize}; int8 weights have at most {Int8Panels.MaxDepth} inputs");
        }

        void Range(string key, int value, int low, int high) => Require(value >= low && value <= high, key, $"expected {low} to {high}, found {value}");
        void Probability(string key, double value) => Require(value is >= 0 and < 1, key, $"expected at least 0 and less than 1, found {value}");
        void Matrix(string key, long rows, long columns) => Require(rows * columns <= Array.MaxLength, key, $"a matrix of {rows} x {columns} is larger than {Array.MaxLength} values");

        void Require(bool holds, string key, string message)
        {
            if (!holds)
            {
                throw new CheckpointException(file, message, BertConfigKeys.Name(key, family));
            }
        }
    }
}
