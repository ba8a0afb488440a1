namespace BertSharp;

/// <summary>What an embedding model starts from, what it learns, and from which examples.</summary>
internal sealed record EmbeddingOptions
{
    /// <summary>The names of the losses: multiple negatives ranking, CoSENT, cosine, contrastive, triplet, and a teacher's embeddings.</summary>
    public static IReadOnlyList<string> Losses { get; } = ["mnrl", "cosent", "cosine", "contrastive", "triplet", "distill"];

    /// <summary>One of <see cref="Losses"/>.</summary>
    public required string Loss { get; init; }

    /// <summary>Files of anchors with positives (mnrl, triplet), of scored pairs (cosent, cosine, contrastive), or of plain text (distill).</summary>
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

    /// <summary>Starts from these layers of the model, with smaller embeddings; none: from the model itself.</summary>
    public IReadOnlyList<int> StudentLayers { get; init; } = [];

    /// <summary>Dimensions of a student's embeddings.</summary>
    public int StudentEmbedding { get; init; } = 128;

    /// <summary>Outputs of a new dense layer behind the pooling; null: there is none.</summary>
    public int? Dense { get; init; }

    /// <summary>Examples of a step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The loss.</summary>
    /// <exception cref="ArgumentException">It is none of the losses, or a dimension means nothing.</exception>
    public EmbeddingLoss CreateLoss()
    {
        EmbeddingLoss loss = Loss switch
        {
            "mnrl" => new MultipleNegativesRankingLoss(),
            "cosent" => new CosentLoss(),
            "cosine" => new CosineSimilarityLoss(),
            "contrastive" => new ContrastiveLoss(),
            "triplet" => new TripletLoss(),
            "distill" => new DistillationLoss(CosineWeight),
            string other => throw new ArgumentException($"'{other}' is no loss of embeddings; expected one of {string.Join(", ", Losses)}."),
        };
        return Matryoshka.Count == 0 ? loss : new MatryoshkaLoss(loss, [.. Matryoshka.Select(dimension => (dimension, 1f))]);
    }
}
