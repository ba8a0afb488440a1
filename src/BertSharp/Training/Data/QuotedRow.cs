using System.Text;

namespace BertSharp;

/// <summary>One row of RFC 4180, with any delimiter; a quoted field goes on over line ends, so a row may take several lines.</summary>
internal static class QuotedRow
{
    public static void Parse(LineReader reader, string line, char delimiter, List<string> fields)
    {
        int at = 0;
        while (true)
        {
            if (at < line.Length && line[at] == '"')
            {
                fields.Add(Quoted(reader, ref line, ref at));
            }
            else
            {
                int end = line.IndexOf(delimiter, at);
                end = end < 0 ? line.Length : end;
                fields.Add(line[at..end]);
                at = end;
            }

            if (at == line.Length)
            {
                return;
            }

            if (line[at] != delimiter)
            {
                throw BadRecordException.At(reader.Place, $"expected {NameOf(delimiter)} after the quote at character {at}; a quote inside a quoted field is written twice");
            }

            at++;
        }
    }

    private static string NameOf(char delimiter) => delimiter switch
    {
        ',' => "a comma",
        '\t' => "a tab",
        _ => $"'{delimiter}'",
    };

    // From the opening quote to behind the closing one.
    private static string Quoted(LineReader reader, ref string line, ref int at)
    {
        long first = reader.Number;
        StringBuilder field = new();
        at++;
        while (true)
        {
            int quote = line.IndexOf('"', at);
            if (quote < 0)
            {
                field.Append(line, at, line.Length - at).Append('\n');
                if (field.Length > LineReader.MaxLineBytes || !reader.TryRead(out string? next))
                {
                    throw BadRecordException.At(reader.Name, first, "a quoted field has no closing quote");
                }

                (line, at) = (next, 0);
                continue;
            }

            field.Append(line, at, quote - at);
            at = quote + 1;
            if (at == line.Length || line[at] != '"')
            {
                return field.ToString();
            }

            field.Append('"');
            at++;
        }
    }
}
