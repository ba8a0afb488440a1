using System.Globalization;
using System.Text.Json;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Quantize;

/// <summary>The report of <c>bert quantize</c>: for people a table of layers and lines below it, for programs one object.</summary>
internal static class QuantizeReport
{
    public static void Write(ResultWriter results, QuantizeResult result, string format)
    {
        if (results.IsJson)
        {
            results.WriteDocument(json => WriteJson(json, result));
            return;
        }

        IEnumerable<string> lines = Table(result).Lines(format);
        foreach (string line in format == OutputFormat.Csv ? lines : [.. lines, "", .. Summary(result)])
        {
            results.WriteLine(line);
        }
    }

    private static TextTable Table(QuantizeResult result)
    {
        bool measured = result.Modules.Any(module => module.Sensitivity is not null);
        TextTable table = new(["module", .. measured ? (string[])["#sensitivity", "#largest"] : [], "weights"]);
        foreach (QuantizationModule module in result.Modules)
        {
            string[] sensitivity = measured ? [Text(module.Sensitivity?.Drop), Text(module.Sensitivity?.Largest)] : [];
            table.Add([module.Name, .. sensitivity, module.Kept ? "float32" : result.Format]);
        }

        return table;
    }

    private static IEnumerable<string> Summary(QuantizeResult result)
    {
        int kept = result.Modules.Count(module => module.Kept), all = result.Modules.Count;
        yield return $"{result.Output}: {ByteSize.Text(result.BytesBefore)} became {ByteSize.Text(result.BytesAfter)}; {all - kept} of {all} layers are {result.Format}, {kept} stayed float32.";
        yield return result.Measured is { } measured
            ? $"Drop ({measured.Measure}) on {TextTable.Grouped(measured.Texts)} texts: {Text(measured.Before.Drop)} with every layer quantized, {Text(measured.After.Drop)} as written, {Text(measured.MaxDrop)} allowed. Largest change: {Text(measured.Before.Largest)}, {Text(measured.After.Largest)}."
            : "Nothing was measured: --data FILE, with texts of your own, says what it costs and keeps sensitive layers in float32.";
    }

    private static string Text(double? value) => value?.ToString("G3", CultureInfo.InvariantCulture) ?? "";

    private static void WriteJson(Utf8JsonWriter json, QuantizeResult result)
    {
        json.WriteString("model", result.Model);
        json.WriteString("output", result.Output);
        json.WriteString("weights", result.Format);
        json.WriteNumber("bytes_before", result.BytesBefore);
        json.WriteNumber("bytes_after", result.BytesAfter);
        if (result.Measured is { } measured)
        {
            json.WriteString("measure", measured.Measure);
            json.WriteNumber("texts", measured.Texts);
            json.WriteNumber("max_drop", measured.MaxDrop);
            json.WriteFinite("drop_before", measured.Before.Drop);
            json.WriteFinite("largest_before", measured.Before.Largest);
            json.WriteFinite("drop", measured.After.Drop);
            json.WriteFinite("largest", measured.After.Largest);
        }

        json.WriteStartArray("modules");
        foreach (QuantizationModule module in result.Modules)
        {
            json.WriteStartObject();
            json.WriteString("name", module.Name);
            if (module.Sensitivity is { } sensitivity)
            {
                json.WriteFinite("sensitivity", sensitivity.Drop);
                json.WriteFinite("largest", sensitivity.Largest);
            }

            json.WriteBoolean("kept", module.Kept);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
