namespace BertSharp;

/// <summary>
/// The format of CoNLL's shared tasks (Tjong Kim Sang and De Meulder 2003): a word a line with its tags in columns, blank lines
/// between sentences. Columns have a tab between where a line has one, else spaces. Lines of <c>-DOCSTART-</c> are no words.
/// </summary>
/// <param name="reader">The lines.</param>
/// <param name="word">The column of the words, from 0.</param>
/// <param name="tag">The column of the tags, from 0; −1: the last.</param>
internal sealed class ConllReader(LineReader reader, int word, int tag)
{
    private int _columns;

    /// <summary>All sentences.</summary>
    /// <exception cref="DataFileException">A line has not the columns that it should.</exception>
    public List<TaggedWords> ReadAll()
    {
        List<TaggedWords> sentences = [];
        List<string> words = [], tags = [];
        string place = "";
        while (reader.TryRead(out string? line))
        {
            if (line.AsSpan().Trim(" \t").IsEmpty || line.StartsWith("-DOCSTART-", StringComparison.Ordinal))
            {
                End();
                continue;
            }

            place = words.Count == 0 ? reader.Place : place;
            string[] columns = Columns(line);
            words.Add(columns[word]);
            tags.Add(columns[tag < 0 ? ^1 : tag]);
        }

        End();
        return sentences;

        void End()
        {
            if (words.Count > 0)
            {
                sentences.Add(new TaggedWords([.. words], [.. tags], place));
                words.Clear();
                tags.Clear();
            }
        }
    }

    private string[] Columns(string line)
    {
        string[] columns = line.Contains('\t', StringComparison.Ordinal) ? line.Split('\t') : line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int expected = Math.Max(2, Math.Max(word, tag) + 1);
        _columns = _columns == 0 ? columns.Length : _columns;
        return columns.Length < expected ? throw Bad($"expected a word with its tag in at least {expected} columns, found {columns.Length}")
            : columns.Length != _columns ? throw Bad($"the line has {columns.Length} columns, those before have {_columns}")
            : columns.Contains("") ? throw Bad("a column is empty")
            : columns;
    }

    private BadRecordException Bad(string problem) =>
        BadRecordException.At(reader.Place, $"{problem}; correct the line (a blank one ends a sentence), or say with --columns which columns are meant");
}
