using System.Text.Json;

namespace BertSharp;

/// <summary>
/// Scores documents for a query by reading both together (Nogueira, Cho 2019): a cross-encoder of sentence-transformers, or
/// any sequence classifier. Thread-safe; the same pair gives the same bits in any batch.
/// </summary>
public sealed class Reranker : ModelTask<BertForSequenceClassification>
{
    private readonly Activation _activation;

    private Reranker(BertTokenizer tokenizer, BertForSequenceClassification model)
        : base(tokenizer, model)
    {
        _activation = ActivationOf(model.Config);
    }

    /// <summary>Loads a cross-encoder, or any sequence classifier.</summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, or a file is damaged, the model has no such head, or its activation is not supported.</exception>
    /// <exception cref="TokenizerException">A file of the tokenizer is damaged.</exception>
    public static Reranker Load(string path, WeightFormat? weights = null) =>
        Load(path, weights, BertForSequenceClassification.Load, static (tokenizer, model) => new Reranker(tokenizer, model));

    /// <summary>Scores one document.</summary>
    /// <exception cref="InvalidOperationException">The model has several labels.</exception>
    public float Score(string query, string document, RerankOptions? options = null) => Score(query, [document], options)[0];

    /// <summary>Scores many documents, packed and sorted by length inside, on all cores.</summary>
    /// <param name="query">The query.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="options">What the scores are.</param>
    /// <param name="progress">Receives the number of documents done.</param>
    /// <param name="cancellation">Checked between batches and layers.</param>
    /// <returns>One score a document, in their order: by the activation that the model names (<c>config.json</c>), else sigmoid.</returns>
    /// <exception cref="InvalidOperationException">The model has several labels.</exception>
    public float[] Score(string query, IReadOnlyList<string> documents, RerankOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        if (Config.NumLabels != 1)
        {
            throw new InvalidOperationException($"The model has {Config.NumLabels} labels, so a pair has no single score; use Predict, or a cross-encoder with one label.");
        }

        return [.. Predict([.. documents.Select(document => (query, document))], options, progress, cancellation).Select(scores => scores[0])];
    }

    /// <summary>The documents by falling score; equal ones in their order.</summary>
    /// <param name="query">The query.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="topK">At most this many; null: all.</param>
    /// <param name="options">What the scores are.</param>
    /// <param name="progress">Receives the number of documents done.</param>
    /// <param name="cancellation">Checked between batches and layers.</param>
    /// <exception cref="ArgumentException"><paramref name="topK"/> is below 1.</exception>
    /// <exception cref="InvalidOperationException">The model has several labels.</exception>
    public IReadOnlyList<RankedDocument> Rank(string query, IReadOnlyList<string> documents, int? topK = null, RerankOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        int count = LogitScores.TopK(topK);
        float[] scores = Score(query, documents, options, progress, cancellation);
        return [.. scores.Select((score, i) => new RankedDocument(i, documents[i], score)).OrderByDescending(document => document.Score).Take(count)];
    }

    /// <summary>The scores of pairs for every label of the model (<c>CrossEncoder.predict</c>).</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="options">What the scores are.</param>
    /// <param name="progress">Receives the number of pairs done.</param>
    /// <param name="cancellation">Checked between batches and layers.</param>
    /// <returns>[pairs][labels]: by the activation that the model names, else sigmoid of one label, and logits of several.</returns>
    public float[][] Predict(IReadOnlyList<(string Query, string Document)> pairs, RerankOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        Predict(Encode(pairs), options, progress, cancellation);

    /// <summary>The tokens that are read of pairs; says which were cut.</summary>
    public TokenBatch Encode(IReadOnlyList<(string Query, string Document)> pairs) => Tokenizer.Encode(pairs, new EncodeOptions { MaxLength = MaxTokens });

    /// <summary>The scores of pairs that <see cref="Encode"/> has read.</summary>
    /// <exception cref="ArgumentException">The batch does not fit the model.</exception>
    public float[][] Predict(TokenBatch batch, RerankOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        float[][] scores = SequenceLogits.Of(Model, batch, progress, cancellation);
        foreach (float[] row in scores)
        {
            if (options?.Function is { } function)
            {
                LogitScores.Apply(function, row);
            }
            else
            {
                Elementwise.Apply(_activation, row);
            }
        }

        return scores;
    }

    /// <summary>
    /// <c>sentence_transformers.activation_fn</c>, before version 4 <c>sbert_ce_default_activation_function</c>, else sigmoid
    /// for one label and nothing for several.
    /// </summary>
    private static Activation ActivationOf(BertConfig config)
    {
        const string file = "config.json";
        using JsonDocument document = JsonFile.Parse(config.SourceJson ?? "{}", file);
        JsonFields fields = new(document.RootElement, file);
        string key = "sentence_transformers.activation_fn";
        string? path = fields.Find("sentence_transformers") is { } own ? new JsonFields(own, file).Text("activation_fn") : null;
        if (path is null)
        {
            key = "sbert_ce_default_activation_function";
            path = fields.Text(key);
        }

        if (path is null)
        {
            return config.NumLabels == 1 ? Activation.Sigmoid : Activation.None;
        }

        Activation? known = path.StartsWith("torch.nn.", StringComparison.Ordinal) ? TorchActivations.Find(path[(path.LastIndexOf('.') + 1)..]) : null;
        return known ?? throw new CheckpointException(file, $"'{CheckpointException.Show(path)}' is not supported; expected torch.nn's {TorchActivations.Names}", key);
    }
}
