using System.Text.Json;
using BertSharp.Cli.Commands;

namespace BertSharp.Cli.Output;

/// <summary>A vector a text.</summary>
/// <param name="values">The precision of the values.</param>
internal sealed class EmbeddingView(EmbeddingValues values) : ResultView<EmbeddedText>
{
    public override IReadOnlyList<string> Columns => ["text", "embedding"];

    public override IEnumerable<string[]> Rows(EmbeddedText result) => [[result.Text, values.ToText(result.Vector)]];

    public override IEnumerable<string> Lines(EmbeddedText result, Terminal terminal) => [values.ToText(result.Vector)];

    public override void WriteJson(Utf8JsonWriter json, EmbeddedText result)
    {
        json.WriteString("text", result.Text);
        values.WriteJson(json, result.Vector);
        if (result.Truncated)
        {
            json.WriteBoolean("truncated", true);
        }
    }
}
