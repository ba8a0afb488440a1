using System.Globalization;
using System.Text.Json;
using BertSharp.Cli.Commands;

namespace BertSharp.Cli.Output;

/// <summary>The entities of a text: marked in it for people, one by one for programs.</summary>
/// <param name="labels">The model's labels: their order gives each class its colour, the same in every run.</param>
internal sealed class EntitiesView(IEnumerable<string> labels) : ResultView<FoundEntities>
{
    private readonly List<string> _classes = [.. labels.Select(ClassOf).Distinct().Where(label => label != "O")];

    public override IReadOnlyList<string> Columns => ["text", "label", "score", "start", "end", "word"];

    public override IEnumerable<string[]> Rows(FoundEntities result) => result.Entities.Select(entity => (string[])[
        result.Text, entity.Label, entity.Score.ToString("R", CultureInfo.InvariantCulture),
        entity.Start.ToString(CultureInfo.InvariantCulture), entity.End.ToString(CultureInfo.InvariantCulture), entity.Word]);

    public override IEnumerable<string> Lines(FoundEntities result, Terminal terminal) => [MarkedText.Lines(result.Text, Marks(result), terminal)];

    public override string Html(FoundEntities result) => MarkedText.Html(result.Text, Marks(result));

    public override void WriteJson(Utf8JsonWriter json, FoundEntities result)
    {
        json.WriteString("text", result.Text);
        json.WriteStartArray("entities");
        foreach (Entity entity in result.Entities)
        {
            json.WriteStartObject();
            json.WriteString("label", entity.Label);
            json.WriteNumber("score", entity.Score);
            json.WriteNumber("start", entity.Start);
            json.WriteNumber("end", entity.End);
            json.WriteString("word", entity.Word);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (result.Truncated)
        {
            json.WriteBoolean("truncated", true);
        }
    }

    private IEnumerable<Mark> Marks(FoundEntities result) => result.Entities.Select(entity =>
        new Mark(entity.Start, entity.End, entity.Label, Math.Max(_classes.IndexOf(ClassOf(entity.Label)), 0)));

    private static string ClassOf(string label) =>
        label.StartsWith("B-", StringComparison.Ordinal) || label.StartsWith("I-", StringComparison.Ordinal) ? label[2..] : label;
}
