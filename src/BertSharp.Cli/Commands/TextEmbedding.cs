using BertSharp.Cli.Input;

namespace BertSharp.Cli.Commands;

/// <summary>Embeds texts batch by batch, and remembers which were cut.</summary>
internal sealed class TextEmbedding(SentenceEmbedder embedder, EmbedOptions? options = null)
{
    private const int BatchSize = 512;

    /// <summary>The texts that were cut so far.</summary>
    public TruncationWarning Cut { get; } = new(embedder.MaxTokens, "split longer texts, the model takes no more");

    /// <summary>All texts of a source in their order with their vectors.</summary>
    public IEnumerable<EmbeddedText> Of(TextSource source, CancellationToken cancellation) =>
        ReadAhead.Batches(source, BatchSize, cancellation).SelectMany(batch => Embed(batch, cancellation));

    /// <summary>The texts of one batch with their vectors.</summary>
    public IReadOnlyList<EmbeddedText> Embed(List<InputRecord> records, CancellationToken cancellation)
    {
        TokenBatch batch = embedder.Encode([.. records.Select(record => record.Text)], options);
        float[][] vectors = embedder.Embed(batch, options, cancellation: cancellation);
        List<EmbeddedText> embedded = [];
        for (int i = 0; i < records.Count; i++)
        {
            Cut.Count(batch.Truncated(i), records[i]);
            embedded.Add(new EmbeddedText(records[i].Text, vectors[i], batch.Truncated(i)));
        }

        return embedded;
    }
}
