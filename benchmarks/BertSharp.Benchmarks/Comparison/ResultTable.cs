using System.Globalization;

namespace BertSharp.Benchmarks.Comparison;

/// <summary>Results as Markdown: times first, then what the machine was like in each row.</summary>
internal static class ResultTable
{
    /// <summary>From here on a row's machine is called unquiet: others' share of the processor, or the drift of the peak.</summary>
    private const double Disturbed = 0.03;

    public static IEnumerable<string> Lines(ComparisonResult result)
    {
        string[] columns = [.. result.Rows.SelectMany(row => row.Cells).Select(cell => cell.Column).Concat(result.Absent.Keys).Distinct()];
        return
        [
            $"# {result.Table}: {result.Processor}, {result.Cores} cores",
            "",
            "Written by `benchmarks/compare/run.sh`; [how it is measured](../README.md). A cell: the median of a pass over the row's batches",
            "(the shortest and the longest), the share of the FMA peak that its useful work reaches, and how many times BertSharp's time it is,",
            "pair by pair. The bound is the larger of work ÷ FMA peak and weight bytes ÷ copy bandwidth.",
            "",
            .. Table(["row", "bound", .. columns], result.Rows.Select(row => (string[])[row.Title, Time(row.BoundSeconds), .. columns.Select(column => Cell(row, column))])),
            "",
            .. Versions(result),
            "",
            "## The machine in each row",
            "",
            .. Table(
                ["row", "tokens", "GFLOP", "FMA peak GFLOP/s", "copy GB/s", "others' share of the CPU", "rounds", "largest difference of outputs", "measured", "arguments"],
                result.Rows.Select(Details)),
        ];
    }

    private static string Cell(RowResult row, string column)
    {
        if (row.Best(column) is not { } cell)
        {
            return "not measured";
        }

        double[] all = [.. cell.Seconds.SelectMany(round => round)];
        string text = Text($"{Time(Sample.OfRounds(cell.Seconds))} ({Time(all.Min())} – {Time(all.Max())}), {100 * row.Share(cell):F0} %");
        CellResult? own = row.Best(Peer.Own);
        string ratio = own is null || own == cell ? "" : Text($", **{Sample.Ratio(cell.Seconds, own.Seconds):F2} ×**");
        return text + ratio + (row.Cells.Count(other => other.Column == column) > 1 ? $", {cell.Variant}" : "");
    }

    private static IEnumerable<string> Versions(ComparisonResult result)
    {
        foreach (string version in result.Rows.SelectMany(row => row.Cells).Select(cell => $"- {cell.Peer}, {cell.Variant}: {cell.Version}").Distinct())
        {
            yield return version;
        }

        foreach ((string peer, string reason) in result.Absent)
        {
            yield return $"- {peer}: not measured; {reason}";
        }

        yield return $"- {result.System}";
    }

    private static string[] Details(RowResult row)
    {
        bool disturbed = row.Busy.Max() > Disturbed || Sample.Drift(row.PeakGflops) > Disturbed;
        return
        [
            row.Title + (disturbed ? " (not quiet)" : ""), $"{row.Tokens}", Text($"{row.Gflop:F1}"), Range(row.PeakGflops), Range(row.PeakBandwidth),
            Text($"{100 * row.Busy.Max():F1} %"), $"{row.Busy.Length}", Text($"{row.Cells.Max(cell => cell.Difference):E1}"), row.Measured, $"`{row.Command}`",
        ];
    }

    private static IEnumerable<string> Table(string[] header, IEnumerable<string[]> rows) =>
        ((string[][])[header, [.. header.Select((_, i) => i == 0 ? "---" : "---:")], .. rows]).Select(row => $"| {string.Join(" | ", row)} |");

    private static string Time(double seconds) => seconds switch
    {
        >= 10 => Text($"{seconds:F1} s"),
        >= 1 => Text($"{seconds:F2} s"),
        >= 0.1 => Text($"{seconds * 1000:F0} ms"),
        _ => Text($"{seconds * 1000:F1} ms"),
    };

    private static string Range(double[] values) => Text($"{values.Min():F0} – {values.Max():F0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
