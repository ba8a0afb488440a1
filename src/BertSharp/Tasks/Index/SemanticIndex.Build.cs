using System.Globalization;

namespace BertSharp;

/// <content>Building.</content>
public sealed partial class SemanticIndex
{
    // As many texts are embedded at once: enough to sort by length, few enough to forget.
    private const int BatchTexts = 512;

    // As sentence-transformers' encode_document looks for them.
    private static readonly string[] DocumentPrompts = ["document", "passage", "corpus"];

    /// <summary>
    /// Embeds and indexes texts. They are read as they are needed: beside the index itself (vectors, ids, and texts in UTF-8)
    /// memory does not grow with their number.
    /// </summary>
    /// <param name="embedder">The model.</param>
    /// <param name="entries">The texts; they keep their order.</param>
    /// <param name="options">Precision, similarity, prompt.</param>
    /// <param name="progress">Receives the number of texts done.</param>
    /// <param name="cancellation">Checked between batches and layers.</param>
    public static SemanticIndex Build(SentenceEmbedder embedder, IEnumerable<IndexEntry> entries, IndexOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new IndexOptions();
        string prompt = options.Prompt ?? DocumentPrompt(embedder);
        IndexSettings settings = new(options.Precision, options.Similarity ?? embedder.SimilarityFunction, options.Model, prompt);
        return Build(embedder.Dimension, settings, Embed(embedder, entries, prompt, progress, cancellation), cancellation);
    }

    /// <summary>The same for texts alone, numbered from 0.</summary>
    public static SemanticIndex Build(SentenceEmbedder embedder, IEnumerable<string> texts, IndexOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        Build(embedder, texts.Select((text, i) => new IndexEntry(i.ToString(CultureInfo.InvariantCulture), text)), options, progress, cancellation);

    /// <summary>
    /// What <see cref="IndexOptions.Prompt"/> stands for where it is null: the model's prompt <c>document</c>, <c>passage</c> or
    /// <c>corpus</c>, the first that it has, else its default; empty where it has none.
    /// </summary>
    public static string DocumentPrompt(SentenceEmbedder embedder) =>
        (DocumentPrompts.FirstOrDefault(embedder.Config.Prompts.ContainsKey) ?? embedder.Config.DefaultPromptName) is { } name ? embedder.Config.Prompts[name] : "";

    /// <summary>Indexes vectors that were computed elsewhere.</summary>
    /// <param name="dimension">Values of each vector.</param>
    /// <param name="entries">Texts and their vectors [dimension]; they keep their order.</param>
    /// <param name="options">Precision, similarity; the prompt is recorded alone.</param>
    /// <param name="cancellation">Checked at each vector.</param>
    /// <exception cref="ArgumentException">A vector has another length, or a value that is not finite.</exception>
    public static SemanticIndex Build(int dimension, IEnumerable<(IndexEntry Entry, float[] Vector)> entries, IndexOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new IndexOptions();
        IndexSettings settings = new(options.Precision, options.Similarity ?? SimilarityFunction.Cosine, options.Model, options.Prompt ?? "");
        return Build(dimension, settings, entries.Select(pair => (pair.Entry, (ReadOnlyMemory<float>)pair.Vector)), cancellation);
    }

    private static SemanticIndex Build(int dimension, IndexSettings settings, IEnumerable<(IndexEntry Entry, ReadOnlyMemory<float> Vector)> entries, CancellationToken cancellation)
    {
        if (dimension is < 1 or > IndexRows.MaxDimension)
        {
            throw new ArgumentException($"Vectors have {dimension} values; an index takes 1 … {IndexRows.MaxDimension}.", nameof(dimension));
        }

        IndexRows rows = IndexRows.Create(settings.Precision, settings.Similarity, dimension);
        TextList ids = new(), texts = new();
        float[] vector = new float[dimension];
        try
        {
            foreach ((IndexEntry entry, ReadOnlyMemory<float> given) in entries)
            {
                cancellation.ThrowIfCancellationRequested();
                Normalized(given.Span, settings.Similarity, vector, $"The vector of text {texts.Count} ('{CheckpointException.Show(entry.Id)}')");
                rows.Add(vector);
                ids.Add(entry.Id);
                texts.Add(entry.Text);
            }

            return new SemanticIndex(rows, ids, texts, settings);
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    private static IEnumerable<(IndexEntry, ReadOnlyMemory<float>)> Embed(SentenceEmbedder embedder, IEnumerable<IndexEntry> entries, string prompt, IProgress<int>? progress, CancellationToken cancellation)
    {
        EmbedOptions options = new() { Prompt = prompt };
        float[] vectors = new float[BatchTexts * embedder.Dimension];
        int done = 0;
        foreach (IndexEntry[] batch in entries.Chunk(BatchTexts))
        {
            embedder.Embed([.. batch.Select(entry => entry.Text)], vectors.AsSpan(0, batch.Length * embedder.Dimension), options, null, cancellation);
            for (int i = 0; i < batch.Length; i++)
            {
                yield return (batch[i], vectors.AsMemory(i * embedder.Dimension, embedder.Dimension));
            }

            done += batch.Length;
            progress?.Report(done);
        }
    }

    /// <summary>Checks a vector and copies it, of length 1 where the similarity is cosine; a zero vector stays zero.</summary>
    private static void Normalized(ReadOnlySpan<float> given, SimilarityFunction similarity, Span<float> vector, string name)
    {
        if (given.Length != vector.Length)
        {
            throw new ArgumentException($"{name} has {given.Length} values; the index has {vector.Length}.");
        }

        foreach (float value in given)
        {
            if (!float.IsFinite(value))
            {
                throw new ArgumentException($"{name} has the value {value}; expected finite numbers.");
            }
        }

        given.CopyTo(vector);
        if (similarity == SimilarityFunction.Cosine)
        {
            BertSharp.Similarity.Normalize(vector);
        }
    }
}
