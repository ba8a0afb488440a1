namespace BertSharp;

/// <summary>What an embedding model learns from its examples, and how many at a time.</summary>
internal sealed record EmbeddingOptions
{
    /// <summary>The names of the losses: multiple negatives ranking, CoSENT, cosine, contrastive, triplet, and a teacher's embeddings.</summary>
    public static IReadOnlyList<string> Losses { get; } = ["mnrl", "cosent", "cosine", "contrastive", "triplet", "distill"];

    /// <summary>One of <see cref="Losses"/>.</summary>
    public required string Loss { get; init; }

    /// <summary>Dimensions to which embeddings may be cut, each with the same weight; none: they are learned whole.</summary>
    public IReadOnlyList<int> Matryoshka { get; init; } = [];

    /// <summary>The weight of the cosines among a step's texts in a distillation, beside the squared error of the embeddings.</summary>
    public float CosineWeight { get; init; } = 1;

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
            string other => throw new ArgumentException($"'{other}' is no loss of embeddings; expected one of {string.Join(", ", Losses)}.", nameof(Loss)),
        };
        return Matryoshka.Count == 0 ? loss : new MatryoshkaLoss(loss, [.. Matryoshka.Select(dimension => (dimension, 1f))]);
    }
}
