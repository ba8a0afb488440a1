using System.Globalization;

namespace BertSharp;

/// <summary>An example for multiple choice: a text and what may go with it.</summary>
/// <param name="Text">The text, such as a question or the beginning of a story.</param>
/// <param name="Choices">At least two texts.</param>
/// <param name="Label">Which of them is right, from 0.</param>
/// <param name="Place">File and line, for messages.</param>
internal sealed record ChoiceExample(string Text, IReadOnlyList<string> Choices, int Label, string Place)
{
    private static readonly DataFields Fields = new(["text", "choices", "label"]);

    /// <summary>Reads JSONL with <c>text</c>, <c>choices</c> (an array) and <c>label</c> (a number from 0).</summary>
    /// <exception cref="DataFileException">The file, or a record of it, cannot be used.</exception>
    public static IReadOnlyList<ChoiceExample> Read(string path, DataOptions? options = null) => !DataFile.IsJsonl(path)
        ? throw new DataFileException($"{path}: expected .jsonl; choices may hold commas, so tables cannot hold them")
        : DataFile.Read(path, options, Fields, Of);

    private static ChoiceExample Of(DataRecord record)
    {
        IReadOnlyList<string> choices = record.RequireList("choices");
        if (choices.Count < 2)
        {
            throw record.Bad($"there are {choices.Count} choices; expected at least two");
        }

        string? label = record.FindLabel("label");
        return int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out int right) && right < choices.Count
            ? new ChoiceExample(record.Require("text"), choices, right, record.Place)
            : throw record.Bad($"\"label\" is '{label}'; expected the number of the right choice, 0 to {choices.Count - 1}");
    }
}
