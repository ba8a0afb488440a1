namespace BertSharp.Tests;

/// <summary>Small models with odd sizes, all different, and batches for them: the same in every run.</summary>
internal static class SmallModels
{
    /// <summary>Positions for 512 tokens.</summary>
    public const int Longest = 512;

    private static readonly BertConfig Base = new()
    {
        VocabSize = 99,
        HiddenSize = 39,
        NumHiddenLayers = 3,
        NumAttentionHeads = 3,
        IntermediateSize = 101,
        MaxPositionEmbeddings = Longest,
        InitializerRange = 0.3,
    };

    /// <summary>Three layers, GELU, a pooler.</summary>
    public static BertModel Bert(int layers = 3, WeightFormat weights = WeightFormat.Float32) => BertModel.Create(Base with { NumHiddenLayers = layers }, seed: 1, weights);

    /// <summary>RoBERTa's positions, tanh-GELU, two layers, sizes on both sides of a panel.</summary>
    public static BertModel Roberta() => BertModel.Create(
        Base with { ModelType = "roberta", NumHiddenLayers = 2, HiddenSize = 66, NumAttentionHeads = 2, IntermediateSize = 64, MaxPositionEmbeddings = Longest + 2, PadTokenId = 1, HiddenAct = HiddenAct.GeluNew }, seed: 2);

    /// <summary>ELECTRA's projected embeddings, SiLU, no pooler.</summary>
    public static BertModel Electra() => BertModel.Create(
        Base with { ModelType = "electra", NumHiddenLayers = 2, EmbeddingSize = 17, HiddenSize = 40, NumAttentionHeads = 5, HiddenAct = HiddenAct.Silu }, seed: 3);

    /// <summary>Sequences of these lengths with random ids and types.</summary>
    public static TokenBatch Batch(BertConfig config, ReadOnlySpan<int> lengths, int seed)
    {
        Random random = new(seed);
        int[] offsets = new int[lengths.Length + 1];
        for (int i = 0; i < lengths.Length; i++)
        {
            offsets[i + 1] = offsets[i] + lengths[i];
        }

        int[] ids = new int[offsets[^1]], types = new int[offsets[^1]];
        for (int t = 0; t < ids.Length; t++)
        {
            ids[t] = random.Next(2, config.VocabSize);
            types[t] = random.Next(config.ModelType == "roberta" ? 1 : config.TypeVocabSize);
        }

        return new TokenBatch(ids, types, offsets);
    }
}
