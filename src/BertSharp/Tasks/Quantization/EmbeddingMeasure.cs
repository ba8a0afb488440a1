namespace BertSharp;

/// <summary>A sentence-transformers model, by its embeddings.</summary>
internal sealed class EmbeddingMeasure(string folder, BertConfig config) : QuantizationMeasure(folder, config, "1 - cosine of embeddings, first percentile")
{
    public override TokenBatch Encode(IReadOnlyList<(string Text, string? TextPair)> data)
    {
        using SentenceEmbedder embedder = SentenceEmbedder.Load(Folder);
        return embedder.Encode([.. data.Select(item => item.Text), .. data.Select(item => item.TextPair).OfType<string>()]);
    }

    public override float[][] Answer(QuantizationConfig? quantization, TokenBatch batch, IProgress<int> progress, CancellationToken cancellation)
    {
        using SentenceEmbedder embedder = SentenceEmbedder.Load(Folder, quantization);
        return embedder.Embed(batch, null, progress, cancellation);
    }

    public override QuantizationDrop Compare(float[][] expected, float[][] found) => VectorDrop.Of(expected, found);
}
