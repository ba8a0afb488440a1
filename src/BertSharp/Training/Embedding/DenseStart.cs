namespace BertSharp;

/// <summary>A model with a new dense layer behind its pooling, so that its vectors get another number of dimensions.</summary>
internal static class DenseStart
{
    private const ulong Site = 0x64656E7365;

    /// <summary>Loads a model.</summary>
    /// <param name="path">The model.</param>
    /// <param name="outputs">Outputs of a new layer without activation, before the normalisation; null: the model stays as it is.</param>
    /// <param name="seed">Of its weights, which are uniform within ±1 / √inputs as torch has them; biases are zero.</param>
    public static SentenceEmbedder Load(string path, int? outputs, ulong seed)
    {
        SentenceEmbedder embedder = SentenceEmbedder.Load(path);
        if (outputs is not { } width)
        {
            return embedder;
        }

        DenseModule dense = new(embedder.Dimension, width, HasBias: true, "Identity", $"{2 + embedder.Config.Dense.Count}_Dense");
        SentenceTransformerConfig config = embedder.Config with { Dense = [.. embedder.Config.Dense, dense] };
        SplitMix64 random = new(SplitMix64.Derive(seed, Site));
        double bound = 1 / Math.Sqrt(dense.InFeatures);
        EmbeddingModules modules = embedder.Modules.With(config, (info, _, rows) =>
        {
            foreach (ref float value in rows)
            {
                value = info.Shape.Length == 1 ? 0 : (float)(((2 * random.NextUnit()) - 1) * bound);
            }
        });
        return new SentenceEmbedder(embedder.Model, embedder.Tokenizer, config, modules);
    }
}
