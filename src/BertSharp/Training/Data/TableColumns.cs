using System.Globalization;

namespace BertSharp;

/// <summary>In which column of a table each field stands.</summary>
internal sealed class TableColumns
{
    private readonly Dictionary<string, int> _places = [];
    private readonly int _titles;
    private readonly int _last = -1;

    /// <summary>Finds the columns.</summary>
    /// <param name="reader">At the titles, or before the first row where there are none.</param>
    /// <param name="options">The fields' columns.</param>
    /// <param name="fields">What is to be read.</param>
    /// <param name="titles">The first row; null: the table has no titles.</param>
    /// <exception cref="DataFileException">A column that must be there is not.</exception>
    public TableColumns(LineReader reader, DataOptions options, DataFields fields, List<string>? titles)
    {
        _titles = titles?.Count ?? 0;
        foreach (string field in fields.All)
        {
            bool given = options.Columns.TryGetValue(field, out string? column);
            int place = int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number - 1 : titles?.IndexOf(column ?? field) ?? -1;
            if (place < 0 && (given || fields.Required.Contains(field)))
            {
                throw new DataFileException(titles is null
                    ? $"{reader.Name}: without titles the column of '{field}' must be a number from 1; say which with --columns {field}=1, or --header yes"
                    : $"{reader.Place}: no column '{column ?? field}' among the titles {string.Join(", ", titles)}; name it with --columns {field}=TITLE, or number it from 1");
            }

            _places[field] = place;
            _last = Math.Max(_last, place);
        }
    }

    /// <summary>A field of a row; null where the table has none.</summary>
    public string? Find(List<string> row, string field) => _places[field] is >= 0 and int place ? row[place] : null;

    /// <summary>Refuses a row that is too short, or not as long as the titles: then a delimiter stands where none should.</summary>
    /// <exception cref="BadRecordException">The row is.</exception>
    public void Check(List<string> row, string place)
    {
        if (_titles > 0 && row.Count != _titles)
        {
            throw BadRecordException.At(place, $"the row has {row.Count} fields, the titles are {_titles}; correct the row, or say how it is written with --delimiter and --quote");
        }

        if (row.Count <= _last)
        {
            throw BadRecordException.At(place, $"the row has {row.Count} fields, expected at least {_last + 1}; correct the row, or --columns");
        }
    }
}
