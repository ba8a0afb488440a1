using System.Text.Json;

namespace BertSharp.Cli.Output;

/// <summary>Arrays and numbers as every verb writes them.</summary>
internal static class JsonValues
{
    public static void WriteArray(this Utf8JsonWriter json, string name, ReadOnlySpan<int> values)
    {
        json.WriteStartArray(name);
        foreach (int value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    public static void WriteArray(this Utf8JsonWriter json, string name, ReadOnlySpan<long> values)
    {
        json.WriteStartArray(name);
        foreach (long value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    public static void WriteArray(this Utf8JsonWriter json, string name, ReadOnlySpan<float> values)
    {
        json.WriteStartArray(name);
        foreach (float value in values)
        {
            json.WriteFinite(value);
        }

        json.WriteEndArray();
    }

    /// <summary>A float in its shortest form that reads back the same; null for NaN and infinities, which JSON lacks.</summary>
    public static void WriteFinite(this Utf8JsonWriter json, float value)
    {
        if (float.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <summary>As the other, for a property of type double.</summary>
    public static void WriteFinite(this Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>As the others, for a property of type float: as few digits as read back the same.</summary>
    public static void WriteFinite(this Utf8JsonWriter json, string name, float value)
    {
        json.WritePropertyName(name);
        json.WriteFinite(value);
    }

    /// <summary>Says that a text was cut; of one that was not, nothing.</summary>
    public static void WriteTruncated(this Utf8JsonWriter json, bool truncated)
    {
        if (truncated)
        {
            json.WriteBoolean("truncated", true);
        }
    }
}
