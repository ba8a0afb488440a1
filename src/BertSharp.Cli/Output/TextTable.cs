using System.Globalization;
using System.Text;

namespace BertSharp.Cli.Output;

/// <summary>
/// Rows under titles, as aligned text, Markdown or CSV. Not Spectre's table: that one wraps cells at 80 columns in a pipe,
/// where people use grep and awk.
/// </summary>
/// <param name="titles">The columns; a title that starts with <c>#</c> is of numbers and set to the right.</param>
internal sealed class TextTable(params string[] titles)
{
    private readonly List<string[]> _rows = [];

    public int Count => _rows.Count;

    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>The lines in one of the formats table, markdown and csv.</summary>
    public IEnumerable<string> Lines(string format) => format switch
    {
        OutputFormat.Csv => All().Select(CsvLine),
        OutputFormat.Markdown => MarkdownLines(),
        _ => AlignedLines(),
    };

    /// <summary>A count for people: 109,482,240.</summary>
    public static string Grouped(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private bool IsNumber(int column) => titles[column].StartsWith('#');

    private IEnumerable<string[]> All() => _rows.Prepend([.. titles.Select(title => title.TrimStart('#'))]);

    private IEnumerable<string> AlignedLines()
    {
        int[] widths = [.. titles.Select((_, column) => All().Max(row => row[column].Length))];
        return All().Select(row =>
        {
            StringBuilder line = new();
            for (int column = 0; column < row.Length; column++)
            {
                line.Append(column > 0 ? "  " : "");
                line.Append(IsNumber(column) ? row[column].PadLeft(widths[column]) : row[column].PadRight(widths[column]));
            }

            return line.ToString().TrimEnd();
        });
    }

    private IEnumerable<string> MarkdownLines()
    {
        yield return $"| {string.Join(" | ", titles.Select(title => title.TrimStart('#')))} |";
        yield return $"|{string.Concat(titles.Select((_, column) => IsNumber(column) ? "---:|" : "---|"))}";
        foreach (string[] row in _rows)
        {
            yield return $"| {string.Join(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |";
        }
    }

    /// <summary>One row of CSV (RFC 4180).</summary>
    public static string CsvLine(IEnumerable<string> cells) => string.Join(',', cells.Select(Quote));

    private static string Quote(string cell) => cell.AsSpan().ContainsAny(",\"\r\n")
        ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : cell;
}
