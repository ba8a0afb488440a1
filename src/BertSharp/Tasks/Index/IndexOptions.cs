namespace BertSharp;

/// <summary>How an index is built.</summary>
public sealed record IndexOptions
{
    /// <summary>How vectors are kept.</summary>
    public IndexPrecision Precision { get; init; } = IndexPrecision.Float32;

    /// <summary>How vectors are compared; null: as the model's configuration says, cosine where there is no model.</summary>
    public SimilarityFunction? Similarity { get; init; }

    /// <summary>The name or folder of the model, which the index records for those who search it; null: none.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// A text to put before each text of the index; null: the model's prompt <c>document</c>, <c>passage</c> or <c>corpus</c>,
    /// the first that it has, else its default (as sentence-transformers' <c>encode_document</c>).
    /// </summary>
    public string? Prompt { get; init; }
}
