namespace BertSharp;

/// <summary>One row of a table.</summary>
internal sealed class RowRecord(List<string> row, TableColumns columns, string place) : DataRecord(place)
{
    /// <inheritdoc/>
    public override string? Find(string name) => columns.Find(row, name);

    /// <inheritdoc/>
    public override string? FindLabel(string name) => columns.Find(row, name);

    /// <summary>A field with commas between its parts; an empty one has none.</summary>
    public override IReadOnlyList<string>? FindList(string name) => columns.Find(row, name) switch
    {
        null => null,
        "" => [],
        string parts => [.. parts.Split(',').Select(part => part.Trim())],
    };
}
