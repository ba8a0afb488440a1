namespace BertSharp;

/// <summary>An example for embeddings: a text, one that means the same, and perhaps one that does not.</summary>
/// <param name="Anchor">The text.</param>
/// <param name="Positive">What is to lie near it.</param>
/// <param name="Negative">What is not to; null: the other examples of a batch serve.</param>
/// <param name="Place">File and line, for messages.</param>
internal sealed record TextTriplet(string Anchor, string Positive, string? Negative, string Place)
{
    private static readonly DataFields Fields = new(["anchor", "positive"], "negative");

    /// <summary>Reads JSONL or a table with <c>anchor</c>, <c>positive</c> and perhaps <c>negative</c>.</summary>
    /// <exception cref="DataFileException">The file, or a record of it, cannot be used.</exception>
    public static IReadOnlyList<TextTriplet> Read(string path, DataOptions? options = null) =>
        DataFile.Read(path, options, Fields, record => new TextTriplet(
            record.Require("anchor"), record.Require("positive"), record.Find("negative") is null ? null : record.Require("negative"), record.Place));
}
