namespace BertSharp;

/// <summary>
/// The rows of a table as text: fields with a delimiter between, quoted as RFC 4180 has it or not at all, as in GLUE's files.
/// Blank lines are no rows.
/// </summary>
/// <param name="reader">The lines; several make a row where a quoted field goes on.</param>
/// <param name="delimiter">What stands between fields.</param>
/// <param name="quoted">Whether a field that begins with a quote ends with one; else a quote is a character like others.</param>
internal sealed class DelimitedRows(LineReader reader, char delimiter, bool quoted)
{
    /// <summary>Reads the next row.</summary>
    /// <param name="fields">Gets its fields, in place of what it had.</param>
    /// <param name="line">The number of the line in which the row begins.</param>
    /// <returns>False at the end.</returns>
    public bool TryRead(List<string> fields, out long line)
    {
        fields.Clear();
        while (reader.TryRead(out string? text))
        {
            line = reader.Number;
            if (text.Length == 0)
            {
                continue;
            }

            if (quoted)
            {
                QuotedRow.Parse(reader, text, delimiter, fields);
            }
            else
            {
                fields.AddRange(text.Split(delimiter));
            }

            return true;
        }

        line = reader.Number;
        return false;
    }
}
