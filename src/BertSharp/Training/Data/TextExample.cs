namespace BertSharp;

/// <summary>An example for classification or regression: a text, or two, with its labels as the file writes them.</summary>
/// <param name="Text">The text.</param>
/// <param name="TextPair">The second text; null: there is none.</param>
/// <param name="Labels">One label or number, several labels, or none of them; null: the example is not labelled.</param>
/// <param name="Place">File and line, for messages.</param>
internal sealed record TextExample(string Text, string? TextPair, IReadOnlyList<string>? Labels, string Place)
{
    private static readonly DataFields Fields = new(["text"], "text_pair", "label", "labels");

    /// <summary>The single label.</summary>
    /// <exception cref="BadRecordException">There is none, or there are several.</exception>
    public string Label => Labels is [string label] ? label
        : throw BadRecordException.At(Place, $"the example has {Labels?.Count ?? 0} labels; expected one");

    /// <summary>The number of a regression.</summary>
    /// <exception cref="BadRecordException">There is none.</exception>
    public double Number => DataRecord.NumberOf(Label) ?? throw BadRecordException.At(Place, $"the label is '{Label}'; expected a number such as 3.8");

    /// <summary>How probably the second text, a document, answers the first, a query.</summary>
    /// <exception cref="BadRecordException">There is no document, or another label than 0 to 1.</exception>
    public float Relevance =>
        TextPair is null ? throw BadRecordException.At(Place, "the example has no \"text_pair\"; expected a query as text and a document as text_pair")
        : Number is >= 0 and <= 1 and double relevance ? (float)relevance
        : throw BadRecordException.At(Place, $"the label is '{Label}'; expected 0 to 1, the probability that the document answers the query");

    /// <summary>
    /// Reads JSONL or a table with <c>text</c>, perhaps <c>text_pair</c>, and <c>label</c> (one) or <c>labels</c> (an array; in a
    /// table with commas between).
    /// </summary>
    /// <exception cref="DataFileException">The file, or a record of it, cannot be used.</exception>
    public static IReadOnlyList<TextExample> Read(string path, DataOptions? options = null)
    {
        IReadOnlyList<TextExample> examples = DataFile.Read(path, options, Fields, record =>
            new TextExample(record.Require("text"), record.Find("text_pair") is null ? null : record.Require("text_pair"), LabelsOf(record), record.Place));
        return examples.FirstOrDefault(example => (example.TextPair is null) != (examples[0].TextPair is null)) is not { } other ? examples
            : throw BadRecordException.At(other.Place, $"the example has {(other.TextPair is null ? "one text, that of" : "two texts, that of")} {examples[0].Place} {(other.TextPair is null ? "two" : "one")}; give all of them as many");
    }

    /// <summary>Encodes examples, texts or pairs.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="examples">At least one; all of one text, or all of two.</param>
    /// <param name="maxLength">The most tokens of a sequence, special ones included.</param>
    public static TokenBatch Encode(BertTokenizer tokenizer, IReadOnlyList<TextExample> examples, int maxLength)
    {
        EncodeOptions options = new() { MaxLength = maxLength };
        return examples[0].TextPair is null
            ? tokenizer.Encode([.. examples.Select(example => example.Text)], options)
            : tokenizer.Encode([.. examples.Select(example => (example.Text, example.TextPair!))], options);
    }

    private static IReadOnlyList<string>? LabelsOf(DataRecord record)
    {
        string? label = record.FindLabel("label");
        IReadOnlyList<string>? labels = record.FindList("labels");
        return label is not null && labels is not null ? throw record.Bad("there is \"label\" and \"labels\"; give one of the two")
            : (label is null ? labels : [label]) is not { } found ? null
            : found.Contains("") ? throw record.Bad("a label is empty; write its name")
            : found.Distinct().Count() < found.Count ? throw record.Bad("a label stands twice; write it once")
            : found;
    }
}
