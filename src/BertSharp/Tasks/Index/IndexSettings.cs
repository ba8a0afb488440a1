namespace BertSharp;

/// <summary>What an index records of itself.</summary>
/// <param name="Precision">How vectors are kept.</param>
/// <param name="Similarity">How they are compared.</param>
/// <param name="Model">The model that they are of; null where it is not known.</param>
/// <param name="Prompt">What was put before each text.</param>
internal sealed record IndexSettings(IndexPrecision Precision, SimilarityFunction Similarity, string? Model, string Prompt);
