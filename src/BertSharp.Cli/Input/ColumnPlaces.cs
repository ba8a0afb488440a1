using System.Globalization;

namespace BertSharp.Cli.Input;

/// <summary>The places, from 0, of the columns in a row of CSV or TSV.</summary>
/// <param name="Text">The columns that make the text.</param>
/// <param name="Pair">That of the second text; −1: there is none.</param>
/// <param name="Id">That of the record's name; −1: there is none.</param>
internal sealed record ColumnPlaces(int[] Text, int Pair, int Id)
{
    /// <summary>Columns given by numbers from 1; null where the text's are names.</summary>
    public static ColumnPlaces? ByNumber(InputColumns columns)
    {
        int[] text = [.. columns.TextParts.Select(Number)];
        return text.Contains(-1) ? null : new ColumnPlaces(text, Number(columns.Pair), Number(columns.Id));
    }

    /// <summary>Columns found among the titles; a second text may be absent.</summary>
    public static ColumnPlaces ByTitle(LineReader reader, List<string> titles, InputColumns columns) => new(
        [.. columns.TextParts.Select(part => Require(reader, titles, part, "--column"))],
        columns.Pair is null ? -1 : titles.IndexOf(columns.Pair),
        columns.Id is null ? -1 : Require(reader, titles, columns.Id, "--id-column"));

    private static int Number(string? column) =>
        int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number - 1 : -1;

    private static int Require(LineReader reader, List<string> titles, string title, string option) => titles.IndexOf(title) is >= 0 and int place
        ? place
        : throw new CliException($"{reader.Place}: no column '{title}' among the titles {string.Join(", ", titles)}; name one with {option}, or give numbers from 1 where there are no titles");
}
