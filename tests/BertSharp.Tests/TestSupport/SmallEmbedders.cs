namespace BertSharp.Tests;

/// <summary>Small models that give embeddings: two poolings, perhaps a dense layer with an activation, perhaps normalised.</summary>
internal static class SmallEmbedders
{
    // All sizes differ, so that a swapped axis cannot pass.
    public static BertConfig Tiny { get; } = new()
    {
        VocabSize = 13,
        HiddenSize = 6,
        NumHiddenLayers = 2,
        NumAttentionHeads = 3,
        IntermediateSize = 7,
        MaxPositionEmbeddings = 9,
        HiddenDropoutProb = 0.2,
        AttentionProbsDropoutProb = 0.3,
        InitializerRange = 0.4,
    };

    /// <summary>A model over <see cref="TinyVocabulary"/>.</summary>
    public static BertConfig Spelling { get; } = Tiny with { VocabSize = TinyVocabulary.Tokens.Count, MaxPositionEmbeddings = 64, HiddenSize = 36, IntermediateSize = 50 };

    public static SentenceEmbedder Create(BertConfig config, IReadOnlyList<PoolingMode> poolings, int? dense = null, bool normalize = false)
    {
        SentenceTransformerConfig modules = new() { Pooling = poolings, Normalize = normalize };
        int width = config.HiddenSize * poolings.Count;
        EmbeddingModules plain = EmbeddingModules.Load("", modules, config.HiddenSize);
        if (dense is not { } outputs)
        {
            return new SentenceEmbedder(BertModel.Create(config, 3), TinyVocabulary.Tokenizer, modules, plain);
        }

        SentenceTransformerConfig with = modules with { Dense = [new DenseModule(width, outputs, true, "Tanh", "2_Dense")] };
        SplitMix64 random = new(8);
        return new SentenceEmbedder(BertModel.Create(config, 3), TinyVocabulary.Tokenizer, with, plain.With(with, (_, _, rows) =>
        {
            foreach (ref float value in rows)
            {
                value = (float)random.NextUnit() - 0.5f;
            }
        }));
    }

    public static TrainingPass Pass(SentenceEmbedder embedder, EmbeddingLoss loss, TrainingPassOptions options) => new(
        embedder.Model,
        [new EmbeddingStage(embedder.Modules, embedder.Config.Normalize, embedder.Model.Config.HiddenSize, loss)],
        TrainingStages.DropoutOf(embedder.Model),
        options);

    /// <summary>The gradients of the model's parameters and of its dense layers', row-major, by name.</summary>
    public static Dictionary<string, float[]> Gradients(SentenceEmbedder embedder) => Owners(embedder)
        .SelectMany(owner => owner.List.Select(info => (info.Name, Parameter: owner[info.Name])))
        .ToDictionary(one => one.Name, one => Values(one.Parameter.Gradient!));

    /// <summary>The weights, likewise.</summary>
    public static Dictionary<string, double[]> Weights(SentenceEmbedder embedder) => Owners(embedder)
        .SelectMany(owner => owner.List.Select(info => (info.Name, Parameter: owner[info.Name])))
        .ToDictionary(one => one.Name, one => Array.ConvertAll(Values(one.Parameter), value => (double)value));

    private static IEnumerable<ModelParameters> Owners(SentenceEmbedder embedder) => ((ModelParameters?[])[embedder.Model.Parameters, embedder.Modules.Parameters]).OfType<ModelParameters>();

    private static float[] Values(Parameter parameter)
    {
        float[] values = new float[parameter.Rows * parameter.Columns];
        parameter.CopyValues(0, values);
        return values;
    }
}
