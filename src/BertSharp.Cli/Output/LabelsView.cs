using System.Text.Json;
using BertSharp.Cli.Commands;

namespace BertSharp.Cli.Output;

/// <summary>The labels of a text, the best first.</summary>
/// <param name="pairs">Whether texts may be pairs.</param>
internal sealed class LabelsView(bool pairs) : ResultView<LabeledText>
{
    public override IReadOnlyList<string> Columns => pairs ? ["text", "text_pair", "label", "score"] : ["text", "label", "score"];

    public override IEnumerable<string[]> Rows(LabeledText result) => result.Labels.Select(label => (string[])[
        result.Text, .. pairs ? (string[])[result.Pair ?? ""] : [], label.Label, ScoreBar.Exact(label.Score)]);

    /// <summary>The text, and a line for each label.</summary>
    public override IEnumerable<string> Lines(LabeledText result, Terminal terminal) =>
        [terminal.Bold(Title(result)), .. result.Labels.Select(label => ScoreBar.Line(label.Label, label.Score, terminal))];

    public override string Html(LabeledText result) =>
        $"{HtmlPage.Escape(Title(result))}\n{ScoreBar.Html(result.Labels.Select(label => (label.Label, label.Score)))}";

    public override void WriteJson(Utf8JsonWriter json, LabeledText result)
    {
        json.WriteString("text", result.Text);
        if (result.Pair is { } pair)
        {
            json.WriteString("text_pair", pair);
        }

        json.WriteStartArray("labels");
        foreach (ClassLabel label in result.Labels)
        {
            json.WriteStartObject();
            json.WriteString("label", label.Label);
            json.WriteFinite("score", label.Score);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteTruncated(result.Truncated);
    }

    private static string Title(LabeledText result) => result.Pair is { } pair ? $"{result.Text} | {pair}" : result.Text;
}
