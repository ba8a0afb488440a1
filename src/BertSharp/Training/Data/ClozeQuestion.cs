namespace BertSharp;

/// <summary>A sentence with a gap, and the words that fill it.</summary>
/// <param name="Text">The sentence, with one [MASK].</param>
/// <param name="Accepted">The right words.</param>
/// <param name="Kind">What it asks for, such as grammar; null: not said.</param>
/// <param name="Place">File and line, for messages.</param>
internal sealed record ClozeQuestion(string Text, IReadOnlyList<string> Accepted, string? Kind, string Place)
{
    private static readonly DataFields Fields = new(["text", "accepted"], "kind");

    /// <summary>Reads JSONL or a table with <c>text</c>, <c>accepted</c> and perhaps <c>kind</c>.</summary>
    /// <exception cref="DataFileException">The file, or a record of it, cannot be used.</exception>
    public static IReadOnlyList<ClozeQuestion> Read(string path, DataOptions? options = null) => DataFile.Read(path, options, Fields, record =>
        new ClozeQuestion(
            record.Require("text"),
            record.RequireList("accepted"),
            record.Find("kind"),
            record.Place));
}
