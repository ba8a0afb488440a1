using System.Text.Json;

namespace BertSharp.Benchmarks.Comparison;

/// <summary>A table of results: the JSON beside the Markdown.</summary>
/// <param name="Table">What was measured.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="Cores">Its cores, as the process sees them.</param>
/// <param name="System">The operating system.</param>
/// <param name="Absent">Peers that could not be measured, and why.</param>
/// <param name="Rows">In the order of the table.</param>
internal sealed record ComparisonResult(string Table, string Processor, int Cores, string System, Dictionary<string, string> Absent, RowResult[] Rows)
{
    private static readonly JsonSerializerOptions Json = new(PeerProcess.Json) { WriteIndented = true, IgnoreReadOnlyProperties = true };

    /// <summary>Puts new rows in the place of those of the same id; those of the same processor that were not measured stay, with their date.</summary>
    public ComparisonResult Update(string path, IReadOnlyList<string> order)
    {
        ComparisonResult? before = File.Exists(path) ? JsonSerializer.Deserialize<ComparisonResult>(File.ReadAllText(path), Json) : null;
        IEnumerable<RowResult> kept = before?.Processor == Processor ? before.Rows.Where(row => Rows.All(own => own.Id != row.Id)) : [];
        return this with { Rows = [.. Rows.Concat(kept).OrderBy(row => order.ToList().IndexOf(row.Id))] };
    }

    /// <summary>Writes NAME.json and NAME.md.</summary>
    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(this, Json) + "\n");
        File.WriteAllLines(Path.ChangeExtension(path, ".md"), ResultTable.Lines(this));
    }
}
