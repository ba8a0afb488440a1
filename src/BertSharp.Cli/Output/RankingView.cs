using System.Text.Json;
using BertSharp.Cli.Commands;

namespace BertSharp.Cli.Output;

/// <summary>The documents for a query, the best first.</summary>
internal sealed class RankingView : ResultView<RankedDocuments>
{
    public override IReadOnlyList<string> Columns => ["query", "id", "text", "score"];

    public override IEnumerable<string[]> Rows(RankedDocuments result) =>
        result.Documents.Select(document => (string[])[result.Query, document.Id, document.Text, ScoreBar.Exact(document.Score)]);

    /// <summary>Score, id and text of each document, with tabs between.</summary>
    public override IEnumerable<string> Lines(RankedDocuments result, Terminal terminal) =>
        result.Documents.Select(document => $"{ScoreBar.Text(document.Score)}\t{terminal.Dim(document.Id)}\t{document.Text}");

    public override string Html(RankedDocuments result) =>
        $"<b>{HtmlPage.Escape(result.Query)}</b>\n{ScoreBar.Html(result.Documents.Select(document => (document.Text, document.Score)))}";

    public override void WriteJson(Utf8JsonWriter json, RankedDocuments result)
    {
        json.WriteString("query", result.Query);
        json.WriteStartArray("results");
        foreach (ScoredDocument document in result.Documents)
        {
            json.WriteStartObject();
            json.WriteString("id", document.Id);
            json.WriteString("text", document.Text);
            json.WriteFinite("score", document.Score);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
