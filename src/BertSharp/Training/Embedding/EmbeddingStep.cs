namespace BertSharp;

/// <summary>What one step of an embedding model learns from.</summary>
/// <param name="Texts">[examples · columns]: all first texts, then all second ones, …</param>
/// <param name="Columns">Texts of an example.</param>
/// <param name="Targets">[examples] scores, or [texts, D] a teacher's embeddings; none where the loss takes none.</param>
internal sealed record EmbeddingStep(IReadOnlyList<string> Texts, int Columns, float[] Targets);
