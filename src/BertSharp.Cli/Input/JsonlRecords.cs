using System.Text.Json;

namespace BertSharp.Cli.Input;

/// <summary>One JSON object a line; blank lines are passed over.</summary>
internal sealed class JsonlRecords(LineReader reader, InputColumns columns) : RecordReader
{
    public override InputRecord? Next()
    {
        while (reader.TryRead(out string? line))
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                return Parse(line);
            }
        }

        return null;
    }

    private InputRecord Parse(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw InputError.At(reader, $"expected a JSON object with \"{columns.Text}\", found {root.ValueKind}");
            }

            return new InputRecord(
                string.Join(' ', columns.TextParts.Select(part => Require(root, part))),
                columns.Pair is null ? null : Find(root, columns.Pair),
                reader.Place,
                columns.Id is null ? null : Require(root, columns.Id, number: true),
                reader.BytesRead);
        }
        catch (JsonException error)
        {
            throw InputError.At(reader, $"not a JSON object: {error.Message.Split(" LineNumber")[0]} Column {error.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            throw InputError.At(reader, "a text has half of a surrogate pair (\\ud800 to \\udfff alone); write the whole character");
        }
    }

    private string Require(JsonElement root, string property, bool number = false) => Find(root, property, number)
        ?? throw InputError.At(reader, $"the object has no \"{property}\"; name the property with {(number ? "--id-column" : "--column")}");

    private string? Find(JsonElement root, string property, bool number = false) =>
        !root.TryGetProperty(property, out JsonElement value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : number && value.ValueKind == JsonValueKind.Number ? value.GetRawText()
        : throw InputError.At(reader, $"\"{property}\" is {value.ValueKind}; expected a string");
}
