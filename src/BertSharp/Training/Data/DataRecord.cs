using System.Globalization;

namespace BertSharp;

/// <summary>A record of a data file, whatever its format: values under names.</summary>
/// <param name="place">File and line, for messages.</param>
internal abstract class DataRecord(string place)
{
    /// <summary>File and line, such as <c>train.tsv:17</c>.</summary>
    public string Place { get; } = place;

    /// <summary>A text; null where the record has none of that name.</summary>
    /// <exception cref="BadRecordException">There is something else.</exception>
    public abstract string? Find(string name);

    /// <summary>A name or a number, as text; null where the record has none.</summary>
    /// <exception cref="BadRecordException">There is something else.</exception>
    public abstract string? FindLabel(string name);

    /// <summary>Several names or numbers, as texts; null where the record has none.</summary>
    /// <exception cref="BadRecordException">There is something else.</exception>
    public abstract IReadOnlyList<string>? FindList(string name);

    /// <summary>A text that must be there.</summary>
    /// <exception cref="BadRecordException">It is not, or is empty: that teaches nothing, and is what damaged files have.</exception>
    public string Require(string name) => Find(name) switch
    {
        null => throw Missing(name),
        "" => throw Bad($"\"{name}\" is empty; expected a text"),
        string text => text,
    };

    /// <summary>A list that must be there.</summary>
    /// <exception cref="BadRecordException">It is not.</exception>
    public IReadOnlyList<string> RequireList(string name) => FindList(name) ?? throw Missing(name);

    /// <summary>A finite number that must be there.</summary>
    /// <exception cref="BadRecordException">It is not.</exception>
    public double RequireNumber(string name)
    {
        string text = FindLabel(name) ?? throw Missing(name);
        return NumberOf(text) ?? throw Bad($"\"{name}\" is '{text}'; expected a number such as 3.8");
    }

    /// <summary>A finite number, written without thousands separators; null: it is none.</summary>
    public static double? NumberOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    /// <summary>The error that the record is bad.</summary>
    public BadRecordException Bad(string problem) => BadRecordException.At(Place, problem);

    private BadRecordException Missing(string name) => Bad($"the record has no \"{name}\"");
}
