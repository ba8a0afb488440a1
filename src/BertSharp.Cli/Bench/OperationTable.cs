using System.Globalization;
using System.Text.Json;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Bench;

/// <summary>An <see cref="OperationReport"/> as a table and as JSON.</summary>
internal static class OperationTable
{
    public static TextTable Of(OperationReport report)
    {
        TextTable table = new("operation", "#calls", "#ms", "#share %", "#GFLOP", "#GFLOP/s", "#of peak %", "peak", "#MB", "#GB/s", "#of memory %");
        foreach (OperationRow row in report.Rows)
        {
            table.Add(
                row.Name.Replace('_', ' '),
                row.Calls > 0 ? Number(row.Calls, "0.#") : "",
                Number(row.Milliseconds, "0.000"),
                Number(row.Share * 100, "0.0"),
                row.Computes ? Number(row.Cost.Flop / 1e9, "0.000") : "",
                row.Computes ? Number(row.Gflops, "0.0") : "",
                row.Computes ? Number(row.PeakShare * 100, "0.0") : "",
                row.Computes ? row.Peak.Name : "",
                row.Moves ? Number(row.Cost.Bytes / 1e6, "0.00") : "",
                row.Moves ? Number(row.GigabytesPerSecond, "0.0") : "",
                row.Moves ? Number(row.GigabytesPerSecond / report.MemoryGigabytesPerSecond * 100, "0.0") : "");
        }

        return table;
    }

    /// <summary>What stands below the table: its sum, and what its shares are of.</summary>
    public static string Note(OperationReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.Milliseconds:N2} ms a pass with the clock; {Peaks(report)}, a copy in memory {report.MemoryGigabytesPerSecond:N1} GB/s");

    private static string Peaks(OperationReport report) => report.Linear == report.Fma ? $"{report.Fma}" : $"{report.Linear}, {report.Fma}";

    public static void WriteJson(Utf8JsonWriter json, OperationReport report)
    {
        json.WriteNumber("memory_gigabytes_per_second", report.MemoryGigabytesPerSecond);
        json.WriteNumber("clocked_milliseconds", report.Milliseconds);
        json.WriteStartArray("operations");
        foreach (OperationRow row in report.Rows)
        {
            json.WriteStartObject();
            json.WriteString("operation", row.Name);
            json.WriteNumber("calls", row.Calls);
            json.WriteNumber("milliseconds", row.Milliseconds);
            json.WriteNumber("share", row.Share);
            json.WriteNumber("flop", row.Cost.Flop);
            json.WriteNumber("bytes", row.Cost.Bytes);
            if (row.Computes)
            {
                json.WriteNumber("gflops", row.Gflops);
                json.WriteString("peak", row.Peak.Name);
                json.WriteNumber("peak_gflops", row.Peak.Gflops);
                json.WriteFinite("peak_share", row.PeakShare);
            }
            else if (row.Moves)
            {
                json.WriteNumber("gigabytes_per_second", row.GigabytesPerSecond);
                json.WriteNumber("memory_share", row.GigabytesPerSecond / report.MemoryGigabytesPerSecond);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
