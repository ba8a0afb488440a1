using System.Globalization;
using System.Text;
using System.Text.Json;
using BertSharp.Benchmarks.Comparison;

namespace BertSharp.Benchmarks;

/// <summary>The tables of costs: JSON that each run adds its rows to, and the same to read.</summary>
internal static class CostReport
{
    private static readonly string[] s_parts = ["tokens", "batch", "layers", "hidden"];
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    public static void Write(string folder, IReadOnlyList<CostRow> rows)
    {
        string cpu = Machine.Processor, file = Path.Combine(folder, $"costs-{Machine.Generation}");
        Contents old = File.Exists(file + ".json") ? JsonSerializer.Deserialize<Contents>(File.ReadAllText(file + ".json"))! : new("", "", "", []);
        CostRow[] all = [.. old.Rows.Where(row => row.Part != rows[0].Part || row.Threads != rows[0].Threads), .. rows];
        string date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string runtime = System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription;
        Directory.CreateDirectory(folder);
        File.WriteAllText(file + ".json", JsonSerializer.Serialize(new Contents(date, cpu, runtime, all), s_json) + "\n");
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Costs against sizes\n\n{date}, {cpu}, {Environment.ProcessorCount} cores, {runtime}, {MachinePeak.VectorWidth}-bit vectors, float32, random weights.\n");
        text.Append("Command, a part and a number of threads a run: `BertSharp.Benchmarks costs tokens|batch|layers|hidden 1|2 benchmarks/results`.\n\n");
        text.Append("Sizes are BERT-Base's where the table names no other; a feed-forward is four times as wide as the hidden size. Times are medians of a pass (minimum – maximum), \"× before\" is the time and the FLOP over those of the row before. A reason's points add up to what is missing to 100 %, each operation's time beyond what its FLOP take at the peak; those below one point are left out.\n");
        foreach ((string part, int threads) in s_parts.SelectMany(part => new[] { 1, 2 }.Select(threads => (part, threads))))
        {
            AppendTable(text, part, threads, [.. all.Where(row => row.Part == part && row.Threads == threads)]);
        }

        File.WriteAllText(file + ".md", text.ToString());
    }

    private static void AppendTable(StringBuilder text, string part, int threads, CostRow[] rows)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {part}, {threads} thread{(threads == 1 ? "" : "s")}\n\n");
        text.Append("| sequences × tokens | layers | hidden | ms | GFLOP | GFLOP/s | of peak | time × before | FLOP × before | reason |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---|\n");
        for (int i = 0; i < rows.Length; i++)
        {
            CostRow row = rows[i];
            string ratios = i == 0 ? "| " : string.Create(CultureInfo.InvariantCulture, $"{row.Median / rows[i - 1].Median:F2} | {row.Gflop / rows[i - 1].Gflop:F2}");
            text.Append(CultureInfo.InvariantCulture, $"| {row.Shape.Sequences} × {row.Shape.Tokens} | {row.Shape.Layers} | {row.Shape.Hidden} ");
            text.Append(CultureInfo.InvariantCulture, $"| {row.Median:F2} ({row.Milliseconds[0]:F2} – {row.Milliseconds[2]:F2}) | {row.Gflop:F2} | {row.Gflop / row.Median * 1000:F0} | {100 * row.PeakShare:F1} % | {ratios} | {row.Reason} |\n");
        }
    }

    private sealed record Contents(string Date, string Cpu, string Runtime, CostRow[] Rows);
}
