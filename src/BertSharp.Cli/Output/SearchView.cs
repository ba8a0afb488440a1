using System.Globalization;
using System.Text.Json;
using BertSharp.Cli.Input;

namespace BertSharp.Cli.Output;

/// <summary>What was found for a query.</summary>
internal sealed class SearchView : ResultView<(InputRecord Query, IReadOnlyList<SearchResult> Results)>
{
    public override IReadOnlyList<string> Columns => ["query", "rank", "id", "score", "text"];

    public override IEnumerable<string[]> Rows((InputRecord Query, IReadOnlyList<SearchResult> Results) result) => result.Results.Select((found, i) =>
        (string[])[result.Query.Id ?? result.Query.Text, $"{i + 1}", found.Id, found.Score.ToString("R", CultureInfo.InvariantCulture), found.Text]);

    public override void WriteJson(Utf8JsonWriter json, (InputRecord Query, IReadOnlyList<SearchResult> Results) result)
    {
        if (result.Query.Id is { } id)
        {
            json.WriteString("id", id);
        }

        json.WriteString("query", result.Query.Text);
        json.WriteStartArray("results");
        foreach (SearchResult found in result.Results)
        {
            json.WriteStartObject();
            json.WriteString("id", found.Id);
            json.WriteString("text", found.Text);
            json.WritePropertyName("score");
            json.WriteFinite(found.Score);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public override IEnumerable<string> Lines((InputRecord Query, IReadOnlyList<SearchResult> Results) result, Terminal terminal) =>
        result.Results.Select(found => Line(found, terminal)).Prepend(terminal.Bold(result.Query.Text));

    public override string Html((InputRecord Query, IReadOnlyList<SearchResult> Results) result)
    {
        IEnumerable<string> rows = result.Results.Select(found =>
            $"<tr><td class=\"number\">{Number(found.Score)}</td><td>{HtmlPage.Escape(found.Id)}</td><td>{HtmlPage.Escape(found.Text)}</td></tr>");
        return $"<strong>{HtmlPage.Escape(result.Query.Text)}</strong><table>{string.Concat(rows)}</table>";
    }

    /// <summary>One line; on a terminal it ends at the border.</summary>
    private static string Line(SearchResult found, Terminal terminal)
    {
        string head = $"{Number(found.Score)}\t{found.Id}\t", text = found.Text.ReplaceLineEndings(" ");
        int room = terminal.Width - (((head.Length / 8) + 3) * 8);
        return head + (terminal == Terminal.Plain || text.Length <= room ? text : string.Concat(text.AsSpan(0, Math.Max(room, 8)), "…"));
    }

    private static string Number(float score) => score.ToString("F4", CultureInfo.InvariantCulture);
}
