namespace BertSharp;

/// <summary>A file of examples: JSONL or a table by its extension, compressed where it also ends in .gz, UTF-8.</summary>
internal static class DataFile
{
    /// <summary>Opens a file.</summary>
    /// <exception cref="DataFileException">There is none.</exception>
    public static Stream Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new DataFileException(Directory.Exists(path) ? $"{path} is a folder; give a file." : $"{path}: there is no such file; check the path.");
        }

        FileStream file = new(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GzipFile(file) : file;
    }

    /// <summary>The extension in lower case, without .gz.</summary>
    public static string ExtensionOf(string path)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        return extension == ".gz" ? Path.GetExtension(Path.GetFileNameWithoutExtension(path)).ToLowerInvariant() : extension;
    }

    /// <summary>Whether a file holds a JSON object a line.</summary>
    public static bool IsJsonl(string path) => ExtensionOf(path) is ".jsonl" or ".ndjson";

    /// <summary>The examples of a file.</summary>
    /// <param name="path">JSONL (.jsonl, .ndjson) or a table (.tsv, .csv, and any other where the delimiter is given).</param>
    /// <param name="options">Columns, delimiter, quotes, titles; null: as the extension says.</param>
    /// <param name="fields">What is to be read.</param>
    /// <param name="convert">Makes an example of a record.</param>
    /// <exception cref="DataFileException">The file, or a record of it, cannot be used.</exception>
    /// <exception cref="ArgumentException">The options name a field that such examples do not have.</exception>
    public static IReadOnlyList<T> Read<T>(string path, DataOptions? options, DataFields fields, Func<DataRecord, T> convert)
    {
        options ??= new DataOptions();
        Check(path, options, fields);
        using LineReader reader = new(Open(path), path);
        Func<DataRecord?> next = IsJsonl(path) ? () => JsonRecord.Read(reader, options.Columns) : TableOf(path, reader, options, fields);
        List<T> examples = [];
        while (true)
        {
            try
            {
                if (next() is not { } record)
                {
                    return examples;
                }

                examples.Add(convert(record));
            }
            catch (BadRecordException bad) when (options.SkipBad is not null)
            {
                options.SkipBad(bad.Message);
            }
        }
    }

    private static void Check(string path, DataOptions options, DataFields fields)
    {
        if (options.Columns.Keys.FirstOrDefault(column => !fields.All.Contains(column)) is { } unknown)
        {
            throw new ArgumentException($"The columns name '{unknown}'; such examples have {string.Join(", ", fields.All)}.", nameof(options));
        }

        if (options.Delimiter is null && ExtensionOf(path) is not (".csv" or ".tsv") && !IsJsonl(path))
        {
            throw new DataFileException($"{path}: expected .jsonl, .tsv or .csv (perhaps with .gz), found '{ExtensionOf(path)}'; rename the file, or give --delimiter for a table");
        }
    }

    private static Func<DataRecord?> TableOf(string path, LineReader reader, DataOptions options, DataFields fields)
    {
        char delimiter = options.Delimiter ?? (ExtensionOf(path) == ".csv" ? ',' : '\t');
        DelimitedRows rows = new(reader, delimiter, options.Quoted ?? delimiter != '\t');
        List<string> titles = [];
        if (options.Header && !rows.TryRead(titles, out _))
        {
            return () => null;
        }

        TableColumns columns = new(reader, options, fields, options.Header ? titles : null);
        return () =>
        {
            List<string> row = [];
            if (!rows.TryRead(row, out long line))
            {
                return null;
            }

            string place = BadRecordException.PlaceOf(path, line);
            columns.Check(row, place);
            return new RowRecord(row, columns, place);
        };
    }
}
