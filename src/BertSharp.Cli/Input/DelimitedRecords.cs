using System.Globalization;

namespace BertSharp.Cli.Input;

/// <summary>
/// CSV (RFC 4180, quoted fields may hold line ends) and TSV (no quoting, as GLUE's files are). The first row is the titles,
/// unless the columns are given by number.
/// </summary>
internal sealed class DelimitedRecords(LineReader reader, InputColumns columns, bool csv) : RecordReader
{
    private readonly DelimitedRows _rows = new(reader, csv ? ',' : '\t', quoted: csv);
    private readonly List<string> _row = [];
    private ColumnPlaces? _places = ColumnPlaces.ByNumber(columns);

    public override InputRecord? Next()
    {
        if (_places is null)
        {
            if (!ReadTitles())
            {
                return null;
            }
        }

        return _rows.TryRead(_row, out long line) ? Record(_places!, line) : null;
    }

    private bool ReadTitles()
    {
        try
        {
            if (!_rows.TryRead(_row, out _))
            {
                return false;
            }
        }
        catch (BadRecordException error)
        {
            throw new CliException(error.Message); // Without titles nothing behind them can be read.
        }

        _places = ColumnPlaces.ByTitle(reader, _row, columns);
        return true;
    }

    private InputRecord Record(ColumnPlaces places, long line) => new(
        string.Join(' ', places.Text.Select(place => Field(place, line, "the text is"))),
        places.Pair < 0 ? null : Field(places.Pair, line, "the second text is"),
        string.Create(CultureInfo.InvariantCulture, $"{reader.Name}:{line}"),
        places.Id < 0 ? null : Field(places.Id, line, "the id is"),
        reader.BytesRead);

    private string Field(int place, long line, string what) => place < _row.Count
        ? _row[place]
        : throw BadRecordException.At(reader.Name, line, $"the row has {_row.Count} fields, {what} field {place + 1}");
}
