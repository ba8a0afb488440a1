using System.Globalization;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Params;

/// <summary><c>bert params</c> for people: tables of the tensors, the parts, the cost and the findings; CSV has the tensors alone.</summary>
internal static class ParamsTables
{
    public static IEnumerable<string> Lines(ParamsSubject subject, ParamsStats? stats, string format)
    {
        IEnumerable<string> lines = Tensors(subject, stats, format == OutputFormat.Csv).Lines(format);
        if (format == OutputFormat.Csv)
        {
            return lines;
        }

        lines = [.. lines, "", .. Parts(subject).Lines(format), "", .. Cost(subject)];
        if (subject.Checkpoint is not null)
        {
            lines = [.. lines, "", .. Findings(subject, format)];
        }

        return stats is { Equal.Count: > 0 } ? [.. lines, "", .. Equal(stats)] : lines;
    }

    private static TextTable Tensors(ParamsSubject subject, ParamsStats? stats, bool machine)
    {
        bool stored = subject.Checkpoint is not null;
        string[] titles = ["name", "shape", "#count", .. stored ? (string[])["dtype", "#bytes"] : []];
        TextTable table = new(stats is null ? titles : [.. titles, "#nan", "#infinite", "#mean", "#deviation", "#minimum", "#maximum"]);
        foreach (ListedTensor tensor in subject.Tensors)
        {
            string[] cells = [tensor.Name, tensor.ShapeText, Count(tensor.Count), .. stored ? (string[])[tensor.DataType, Count(tensor.Bytes)] : []];
            table.Add(stats is null ? cells : [.. cells, .. Values(stats.ByName.GetValueOrDefault(tensor.Name))]);
        }

        return table;

        string Count(long count) => machine ? count.ToString(CultureInfo.InvariantCulture) : TextTable.Grouped(count);
    }

    private static string[] Values(TensorStats? stats) => stats is null
        ? ["", "", "", "", "", ""]
        : [Text(stats.NaNs), Text(stats.Infinities), Text(stats.Mean), Text(stats.StandardDeviation), Text(stats.Minimum), Text(stats.Maximum)];

    private static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static TextTable Parts(ParamsSubject subject)
    {
        TextTable table = new("part", "#tensors", "#parameters");
        foreach (ParameterSubtotal part in subject.Report?.Subtotals ?? [])
        {
            table.Add(NameOf(part), TextTable.Grouped(part.Tensors), TextTable.Grouped(part.Count));
        }

        table.Add("total", TextTable.Grouped(subject.Tensors.Count), TextTable.Grouped(subject.Total));
        return table;
    }

    /// <summary>The name of a part: <c>layer 3 self-attention</c>.</summary>
    public static string NameOf(ParameterSubtotal part)
    {
        string name = part.Part switch
        {
            ParameterPart.SelfAttention => "self-attention",
            ParameterPart.FeedForward => "feed-forward",
            _ => part.Part.ToString().ToLowerInvariant(),
        };
        return part.Layer >= 0 ? $"layer {part.Layer} {name}" : name;
    }

    private static IEnumerable<string> Cost(ParamsSubject subject)
    {
        if (subject.Report?.Cost is not { } cost)
        {
            return ["No config.json beside the weights: they are listed as stored, and compared with nothing."];
        }

        return [
            $"A sequence of {cost.Tokens} tokens costs {TextTable.Grouped(cost.FlopPerToken)} FLOP a token, {Giga(cost.FlopPerSequence)} GFLOP in all (encoder, attention included).",
            $"The weights take {TextTable.Grouped(cost.Float32Bytes)} bytes in float32, {TextTable.Grouped(cost.Float16Bytes)} in float16.",
        ];
    }

    private static string Giga(long flop) => (flop / 1e9).ToString("N2", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Findings(ParamsSubject subject, string format)
    {
        IEnumerable<string> types = subject.Checkpoint!.Tensors.GroupBy(tensor => tensor.DataType).Select(group => $"{group.Count()} {group.Key.TorchName()}");
        string stored = $"{subject.Checkpoint.Path}: {subject.Checkpoint.Tensors.Count} tensors stored ({string.Join(", ", types)})";
        if (subject.Report is null)
        {
            return [$"{stored}."];
        }

        if (subject.Findings.Count == 0)
        {
            return [$"{stored}, all as expected."];
        }

        TextTable table = new("finding", "name", "stored as", "expected", "found");
        foreach (CheckpointFinding finding in subject.Findings)
        {
            table.Add(FindingNames.Of(finding.Kind), finding.Name, finding.StoredName ?? "", finding.Expected, finding.Found);
        }

        return [$"{stored}, {subject.Findings.Count(finding => finding.IsError)} of {subject.Tensors.Count} expected ones missing or not fitting:", "", .. table.Lines(format)];
    }

    private static IEnumerable<string> Equal(ParamsStats stats) =>
        stats.Equal.Select(group => $"equal: {string.Join(" = ", group.Select(tensor => tensor.Name))}");
}
