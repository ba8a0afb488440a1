using System.Text.Json.Nodes;

namespace BertSharp;

/// <summary>Writes <c>config.json</c>: the JSON that was read, in which only the values that changed are replaced.</summary>
internal static class BertConfigWriter
{
    /// <summary>The text, with a line feed at its end.</summary>
    public static string Write(BertConfig config, TensorType? storedType)
    {
        JsonObject root = config.SourceJson is { } source ? JsonNode.Parse(source)!.AsObject() : [];
        var before = config.SourceJson is { } json ? BertConfigKeys.Values(BertConfig.Parse(json)).ToDictionary() : [];
        foreach ((string key, JsonNode? value) in BertConfigKeys.Values(config))
        {
            // What did not change keeps its spelling (gelu_fast, 1e-5), and a key that was absent stays so.
            if (!before.TryGetValue(key, out JsonNode? old) || !JsonNode.DeepEquals(old, value))
            {
                root[key] = value;
            }
        }

        if (config.QuantizationConfig is null)
        {
            root.Remove(CheckpointConverter.QuantizationKey);
        }

        if (storedType is { } type)
        {
            ConfigDataType.Set(root, type);
        }

        return JsonFile.ToText(root);
    }
}
