using System.Text.Json;
using System.Text.Json.Nodes;

namespace BertSharp;

/// <summary>Reads and writes <c>quantization_config</c>; other methods than BertSharp's are refused by name.</summary>
internal static class QuantizationConfigJson
{
    private const string Method = "bertsharp";

    private static readonly (WeightFormat Format, string Weights, string Activations)[] Formats =
    [
        (WeightFormat.BFloat16, "bfloat16", "float32"),
        (WeightFormat.Int8, "int8", "float32"),
        (WeightFormat.Int8Dynamic, "int8", "int8"),
    ];

    /// <summary>Reads the value of the key.</summary>
    /// <exception cref="CheckpointException">The method is another's, or a value is none of the known.</exception>
    public static QuantizationConfig Read(JsonElement value, string file)
    {
        JsonFields fields = new(value, file);
        string? method = fields.Text("quant_method");
        if (method != Method)
        {
            throw fields.Error("quant_method", $"expected {Method}, found {(method is null ? "nothing" : $"'{CheckpointException.Show(method)}', which is not supported")}. Take the model as it was before, in float32, float16 or bfloat16, and quantize it: bert quantize");
        }

        string weights = fields.Text("weights") ?? "", activations = fields.Text("activations") ?? "float32";
        int row = Array.FindIndex(Formats, format => format.Weights == weights && format.Activations == activations);
        return row >= 0
            ? new QuantizationConfig(Formats[row].Format) { ModulesToNotConvert = [.. fields.Texts("modules_to_not_convert").Select(QuantizationConfig.Canonical)] }
            : throw fields.Error("weights", $"expected int8 with activations float32 or int8, or bfloat16 with activations float32; found '{CheckpointException.Show(weights)}' with activations '{CheckpointException.Show(activations)}'");
    }

    /// <summary>The value of the key; null for a model that is not quantized.</summary>
    public static JsonObject? Write(QuantizationConfig? config)
    {
        if (config is null)
        {
            return null;
        }

        (_, string weights, string activations) = Formats.Single(row => row.Format == config.Weights);
        return new JsonObject
        {
            ["quant_method"] = Method,
            ["weights"] = weights,
            ["activations"] = activations,
            ["modules_to_not_convert"] = new JsonArray([.. config.ModulesToNotConvert.Select(name => (JsonNode?)name)]),
        };
    }
}
