using System.Text.Json;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Params;

/// <summary><c>bert params</c> for programs: one object with <c>parameters</c> and <c>tensors</c>.</summary>
internal static class ParamsJson
{
    public static void Write(Utf8JsonWriter json, ParamsSubject subject, ParamsStats? stats)
    {
        json.WriteString("model", subject.Name);
        json.WriteString("head", HeadNames.Of(subject.Head));
        json.WriteNumber("parameters", subject.Total);
        json.WriteStartArray("tensors");
        foreach (ListedTensor tensor in subject.Tensors)
        {
            WriteTensor(json, tensor, stats?.ByName.GetValueOrDefault(tensor.Name));
        }

        json.WriteEndArray();
        if (subject.Report is { } report)
        {
            WriteParts(json, report);
        }

        if (subject.Checkpoint is not null)
        {
            WriteFindings(json, subject.Findings);
        }

        if (stats is not null)
        {
            WriteEqual(json, stats);
        }
    }

    private static void WriteTensor(Utf8JsonWriter json, ListedTensor tensor, TensorStats? stats)
    {
        json.WriteStartObject();
        json.WriteString("name", tensor.Name);
        json.WriteArray("shape", tensor.Shape.AsSpan());
        json.WriteNumber("count", tensor.Count);
        if (tensor.Stored is not null)
        {
            json.WriteString("dtype", tensor.DataType);
            json.WriteNumber("bytes", tensor.Bytes);
        }

        if (stats is not null)
        {
            json.WriteNumber("nan", stats.NaNs);
            json.WriteNumber("infinite", stats.Infinities);
            json.WriteFinite("mean", stats.Mean);
            json.WriteFinite("deviation", stats.StandardDeviation);
            json.WriteFinite("minimum", stats.Minimum);
            json.WriteFinite("maximum", stats.Maximum);
        }

        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, ParameterReport report)
    {
        json.WriteStartArray("parts");
        foreach (ParameterSubtotal part in report.Subtotals)
        {
            json.WriteStartObject();
            json.WriteString("part", ParamsTables.NameOf(part));
            json.WriteNumber("tensors", part.Tensors);
            json.WriteNumber("parameters", part.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("cost");
        json.WriteNumber("tokens", report.Cost.Tokens);
        json.WriteNumber("flop_per_token", report.Cost.FlopPerToken);
        json.WriteNumber("float32_bytes", report.Cost.Float32Bytes);
        json.WriteNumber("float16_bytes", report.Cost.Float16Bytes);
        json.WriteEndObject();
    }

    private static void WriteFindings(Utf8JsonWriter json, IReadOnlyList<CheckpointFinding> findings)
    {
        json.WriteStartArray("findings");
        foreach (CheckpointFinding finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("finding", FindingNames.Of(finding.Kind));
            json.WriteString("name", finding.Name);
            json.WriteString("stored_as", finding.StoredName);
            json.WriteString("expected", finding.Expected);
            json.WriteString("found", finding.Found);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteEqual(Utf8JsonWriter json, ParamsStats stats)
    {
        json.WriteStartArray("equal");
        foreach (IReadOnlyList<TensorInfo> group in stats.Equal)
        {
            json.WriteStartArray();
            foreach (TensorInfo tensor in group)
            {
                json.WriteStringValue(tensor.Name);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
