using System.Globalization;

namespace BertSharp;

/// <summary>An example for token classification: the words of a sentence, each with its tag.</summary>
/// <param name="Tokens">The words.</param>
/// <param name="Tags">As many tags, such as <c>B-person</c> and <c>O</c>.</param>
/// <param name="Place">File and line where it begins, for messages.</param>
internal sealed record TaggedWords(IReadOnlyList<string> Tokens, IReadOnlyList<string> Tags, string Place)
{
    private static readonly DataFields Fields = new(["tokens", "tags"]);

    /// <summary>Reads JSONL with the arrays <c>tokens</c> and <c>tags</c>, or any other file as CoNLL.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Of CoNLL the columns of <c>tokens</c> and <c>tags</c> by numbers; null: the first and the last.</param>
    /// <exception cref="DataFileException">The file, or a record of it, cannot be used.</exception>
    /// <exception cref="ArgumentException">The options name other fields, or columns of CoNLL otherwise than by numbers.</exception>
    public static IReadOnlyList<TaggedWords> Read(string path, DataOptions? options = null)
    {
        if (DataFile.IsJsonl(path))
        {
            return DataFile.Read(path, options, Fields, Of);
        }

        using LineReader reader = new(DataFile.Open(path), path);
        return new ConllReader(reader, ColumnOf("tokens", 0), ColumnOf("tags", -1)).ReadAll();

        int ColumnOf(string field, int otherwise) => options?.Columns.GetValueOrDefault(field) is not { } column ? otherwise
            : int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number - 1
            : throw new ArgumentException($"The column of {field} is '{column}'; CoNLL has no titles, expected a number from 1.", nameof(options));
    }

    private static TaggedWords Of(DataRecord record)
    {
        IReadOnlyList<string> tokens = record.RequireList("tokens"), tags = record.RequireList("tags");
        return tokens.Contains("") || tags.Contains("") ? throw record.Bad("a token or a tag is empty; leave the token out with its tag")
            : tokens.Count > 0 && tokens.Count == tags.Count ? new TaggedWords(tokens, tags, record.Place)
            : throw record.Bad($"there are {tokens.Count} tokens and {tags.Count} tags; expected as many of each, at least one");
    }
}
