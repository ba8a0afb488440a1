namespace BertSharp.Cli.Input;

/// <summary>Every line is a text, empty ones included, so that line i of the output belongs to line i of the input.</summary>
internal sealed class LineRecords(LineReader reader) : RecordReader
{
    public override InputRecord? Next() =>
        reader.TryRead(out string? line) ? new InputRecord(line, null, reader.Place, Position: reader.BytesRead) : null;
}
