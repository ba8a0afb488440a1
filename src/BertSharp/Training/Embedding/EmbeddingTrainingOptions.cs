namespace BertSharp;

/// <summary>What an embedding model starts from, what it learns, and from which examples.</summary>
public sealed record EmbeddingTrainingOptions
{
    /// <summary>What it learns.</summary>
    public required EmbeddingObjective Objective { get; init; }

    /// <summary>Files of what the objective asks for: .jsonl, .tsv or .csv (perhaps with .gz), or plain text for a distillation.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>A file of scored pairs by which the model is validated; null: it is not.</summary>
    public string? Validation { get; init; }

    /// <summary>How files of examples are to be read where their names do not say it.</summary>
    public DataOptions Format { get; init; } = new();

    /// <summary>Dimensions to which embeddings may be cut, each with the same weight; none: they are learned whole.</summary>
    public IReadOnlyList<int> Matryoshka { get; init; } = [];

    /// <summary>The model whose embeddings are learned; null: the one that training starts from.</summary>
    public string? Teacher { get; init; }

    /// <summary>The weight of the cosines among a step's texts in a distillation, beside the squared error of the embeddings.</summary>
    public float CosineWeight { get; init; } = 1;

    /// <summary>A distillation takes at most so many sentences of the text.</summary>
    public int Sentences { get; init; } = 1_500_000;

    /// <summary>
    /// A low-rank adapter that is trained instead of the whole encoder; null: the whole encoder is. Dense layers behind the pooling are
    /// trained whole either way.
    /// </summary>
    public LoraConfig? Lora { get; init; }

    /// <summary>Starts from these layers of the model, with smaller embeddings; none: from the model itself.</summary>
    public IReadOnlyList<int> StudentLayers { get; init; } = [];

    /// <summary>Dimensions of a student's embeddings.</summary>
    public int StudentEmbedding { get; init; } = 128;

    /// <summary>Outputs of a new dense layer behind the pooling; null: there is none.</summary>
    public int? Dense { get; init; }

    /// <summary>Examples of a step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The loss.</summary>
    /// <exception cref="ArgumentException">It is none of the objectives, or a dimension means nothing.</exception>
    internal EmbeddingLoss CreateLoss()
    {
        EmbeddingLoss loss = Objective switch
        {
            EmbeddingObjective.MultipleNegativesRanking => new MultipleNegativesRankingLoss(),
            EmbeddingObjective.Triplet => new TripletLoss(),
            EmbeddingObjective.Cosent => new CosentLoss(),
            EmbeddingObjective.Cosine => new CosineSimilarityLoss(),
            EmbeddingObjective.Contrastive => new ContrastiveLoss(),
            EmbeddingObjective.Distillation => new DistillationLoss(CosineWeight),
            _ => throw new ArgumentException($"{Objective} is no objective of embeddings."),
        };
        return Matryoshka.Count == 0 ? loss : new MatryoshkaLoss(loss, [.. Matryoshka.Select(dimension => (dimension, 1f))]);
    }
}
