using System.Globalization;
using System.Text.Json;

namespace BertSharp.Cli.Output;

/// <summary>A vector a token and layer; the JSON has the shape of Google's <c>extract_features.py</c>.</summary>
internal sealed class FeaturesView : ResultView<(string Text, TokenFeatures Features)>
{
    public override IReadOnlyList<string> Columns => ["token", "start", "end", "layer", "values"];

    public override IEnumerable<string[]> Rows((string Text, TokenFeatures Features) result)
    {
        TokenFeatures features = result.Features;
        for (int token = 0; token < features.Tokens.Count; token++)
        {
            for (int i = 0; i < features.Layers.Count; i++)
            {
                TokenOffset place = features.Offsets[token];
                yield return [features.Tokens[token], Whole(place.Start), Whole(place.End), Whole(features.Layers[i]), Values(features.HiddenStates[i].Row(token))];
            }
        }
    }

    /// <summary>One line a token and layer, with tabs between; an empty one ends the text.</summary>
    public override IEnumerable<string> Lines((string Text, TokenFeatures Features) result, Terminal terminal) =>
        Rows(result).Select(row => $"{row[0]}\t{row[3]}\t{row[4]}").Append("");

    public override void WriteJson(Utf8JsonWriter json, (string Text, TokenFeatures Features) result)
    {
        TokenFeatures features = result.Features;
        json.WriteString("text", result.Text);
        json.WriteStartArray("tokens");
        for (int token = 0; token < features.Tokens.Count; token++)
        {
            WriteToken(json, features, token);
        }

        json.WriteEndArray();
        if (features.Truncated)
        {
            json.WriteBoolean("truncated", true);
        }
    }

    private static void WriteToken(Utf8JsonWriter json, TokenFeatures features, int token)
    {
        json.WriteStartObject();
        json.WriteString("token", features.Tokens[token]);
        json.WriteNumber("start", features.Offsets[token].Start);
        json.WriteNumber("end", features.Offsets[token].End);
        json.WriteStartArray("layers");
        for (int i = 0; i < features.Layers.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("index", features.Layers[i]);
            json.WriteArray("values", features.HiddenStates[i].Row(token));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Values(ReadOnlySpan<float> values) =>
        string.Join(' ', values.ToArray().Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}
