using System.Globalization;

namespace BertSharp;

/// <summary>One record of a data file that cannot be used, with its place in the message; those behind it may be good.</summary>
internal sealed class BadRecordException(string message) : DataFileException(message)
{
    /// <summary>A bad record that begins at a line.</summary>
    public static BadRecordException At(string file, long line, string problem) => At(PlaceOf(file, line), problem);

    /// <summary>A bad record at a place such as <c>train.tsv:17</c>.</summary>
    public static BadRecordException At(string place, string problem) => new($"{place}: {problem}");

    /// <summary>File and line, as messages name them.</summary>
    public static string PlaceOf(string file, long line) => string.Create(CultureInfo.InvariantCulture, $"{file}:{line}");
}
