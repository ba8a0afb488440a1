namespace BertSharp;

/// <summary>An example for embeddings: two texts, and how near they are.</summary>
/// <param name="Sentence1">The first text.</param>
/// <param name="Sentence2">The second.</param>
/// <param name="Score">How alike they are, on the file's own scale.</param>
/// <param name="Place">File and line, for messages.</param>
internal sealed record ScoredPair(string Sentence1, string Sentence2, double Score, string Place)
{
    private static readonly DataFields Fields = new(["sentence1", "sentence2", "score"]);

    /// <summary>Reads JSONL or a table with <c>sentence1</c>, <c>sentence2</c> and <c>score</c>.</summary>
    /// <exception cref="DataFileException">The file, or a record of it, cannot be used.</exception>
    public static IReadOnlyList<ScoredPair> Read(string path, DataOptions? options = null) =>
        DataFile.Read(path, options, Fields, record => new ScoredPair(record.Require("sentence1"), record.Require("sentence2"), record.RequireNumber("score"), record.Place));
}
