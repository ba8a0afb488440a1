using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json;

namespace BertSharp;

/// <summary>One JSON object of a line of JSONL.</summary>
internal sealed class JsonRecord : DataRecord
{
    private readonly JsonElement _root;
    private readonly IReadOnlyDictionary<string, string> _names;

    private JsonRecord(JsonElement root, string place, IReadOnlyDictionary<string, string> names)
        : base(place)
    {
        _root = root.ValueKind == JsonValueKind.Object ? root : throw Bad($"expected a JSON object, found {root.ValueKind}");
        _names = names;
    }

    /// <summary>An object of a JSON file.</summary>
    /// <exception cref="BadRecordException">It is something else.</exception>
    public JsonRecord(JsonElement root, string place)
        : this(root, place, ReadOnlyDictionary<string, string>.Empty)
    {
    }

    /// <summary>The next object; blank lines are passed over. Null at the end.</summary>
    /// <param name="reader">The lines.</param>
    /// <param name="names">What the properties are called that the file calls otherwise; null: all by their names.</param>
    /// <exception cref="BadRecordException">A line is no JSON object; the next call gives the one behind it.</exception>
    public static JsonRecord? Read(LineReader reader, IReadOnlyDictionary<string, string>? names = null)
    {
        while (reader.TryRead(out string? line))
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                return Parse(line, reader.Place, names ?? ReadOnlyDictionary<string, string>.Empty);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string? Find(string name) => Property(name) is { } value ? TextOf(value, name) : null;

    /// <inheritdoc/>
    public override string? FindLabel(string name) => Property(name) is { } value ? TextOf(value, name, label: true) : null;

    /// <inheritdoc/>
    public override IReadOnlyList<string>? FindList(string name) => Property(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(item => TextOf(item, name, label: true))]
        : throw Bad($"\"{name}\" is {value.ValueKind}; expected an array");

    /// <summary>A property as it is; null where there is none.</summary>
    public JsonElement? Property(string name)
    {
        try
        {
            return _root.TryGetProperty(_names.GetValueOrDefault(name, name), out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
        }
        catch (InvalidOperationException)
        {
            throw HalfPair();
        }
    }

    /// <summary>The objects of an array that must be there, each with its place in the file.</summary>
    /// <exception cref="BadRecordException">There is no array, or something else in it.</exception>
    public IEnumerable<JsonRecord> Objects(string name) => Property(name) is { ValueKind: JsonValueKind.Array } array
        ? array.EnumerateArray().Select((item, i) => new JsonRecord(item, string.Create(CultureInfo.InvariantCulture, $"{Place}: {name}[{i}]"), _names))
        : throw Bad($"expected an array \"{name}\"");

    // A label may be a number: it is taken as it is written.
    private string TextOf(JsonElement value, string name, bool label = false)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()!
                : label && value.ValueKind == JsonValueKind.Number ? value.GetRawText()
                : throw Bad($"\"{name}\" is {value.ValueKind}; expected {(label ? "a string or a number" : "a string")}");
        }
        catch (InvalidOperationException)
        {
            throw HalfPair();
        }
    }

    private static JsonRecord Parse(string line, string place, IReadOnlyDictionary<string, string> names)
    {
        try
        {
            return new JsonRecord(JsonElement.Parse(line), place, names);
        }
        catch (JsonException error)
        {
            throw BadRecordException.At(place, $"not a JSON object: {error.Message.Split(" LineNumber")[0]} Column {error.BytePositionInLine + 1}.");
        }
    }

    private BadRecordException HalfPair() => Bad("a text has half of a surrogate pair (\\ud800 to \\udfff alone); write the whole character");
}
