namespace BertSharp.Cli.Input;

/// <summary>One JSON object a line; blank lines are passed over.</summary>
internal sealed class JsonlRecords(LineReader reader, InputColumns columns) : RecordReader
{
    public override InputRecord? Next() => JsonRecord.Read(reader) is not { } record ? null : new InputRecord(
        string.Join(' ', columns.TextParts.Select(part => record.Find(part) ?? throw Missing(record, part, "--column"))),
        columns.Pair is null ? null : record.Find(columns.Pair),
        record.Place,
        columns.Id is null ? null : record.FindLabel(columns.Id) ?? throw Missing(record, columns.Id, "--id-column"),
        reader.BytesRead);

    private static BadRecordException Missing(JsonRecord record, string property, string option) =>
        record.Bad($"the object has no \"{property}\"; name the property with {option}");
}
