namespace BertSharp.Cli.Input;

/// <summary>
/// The texts of a run, one after the other and never all in memory: the arguments, a file by its extension,
/// or standard input.
/// </summary>
internal sealed class TextSource : IDisposable
{
    private readonly Func<InputRecord?> _next;
    private readonly LineReader? _reader;
    private readonly long _length;

    private TextSource(Func<InputRecord?> next, LineReader? reader, long length)
    {
        _next = next;
        _reader = reader;
        _length = length;
    }

    /// <summary>Says what is wrong with a record for the verb at hand; null: nothing.</summary>
    public Func<InputRecord, string?>? Check { get; init; }

    /// <summary>Whether bad records are reported and passed over; else the first ends the run.</summary>
    public bool SkipBad { get; init; }

    /// <summary>The records in their order; to be walked once.</summary>
    public IEnumerable<InputRecord> Records
    {
        get
        {
            while (true)
            {
                InputRecord? record;
                try
                {
                    record = Checked(_next());
                }
                catch (BadRecordException bad) when (SkipBad)
                {
                    CommandContext.Warn($"{bad.Message}; skipped");
                    continue;
                }

                if (record is null)
                {
                    yield break;
                }

                yield return record;
            }
        }
    }

    /// <summary>Texts given as arguments.</summary>
    public static TextSource OfArguments(IReadOnlyList<string> texts, string? pair)
    {
        int given = 0;
        return new TextSource(() => given < texts.Count ? new InputRecord(texts[given], pair, $"text {++given}") : null, null, 0);
    }

    /// <summary>A file, or standard input where <paramref name="path"/> is null or "-".</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">lines, jsonl, csv or tsv; null: by the file's extension.</param>
    /// <param name="columns">Where the text stands in a record.</param>
    public static TextSource OfFile(string? path, string? format, InputColumns columns)
    {
        bool standard = path is null or "-";
        if (!standard && !File.Exists(path))
        {
            throw new CliException(Directory.Exists(path) ? $"{path} is a folder; give a file of texts." : $"{path}: there is no such file; check the path.");
        }

        Stream stream = standard
            ? Console.OpenStandardInput()
            : new FileStream(path!, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
        return OfStream(stream, standard ? "standard input" : path!, format ?? FormatOf(path), columns);
    }

    /// <summary>A stream, which is closed at the end.</summary>
    public static TextSource OfStream(Stream stream, string name, string format, InputColumns columns)
    {
        LineReader reader = new(stream, name);
        return new TextSource(RecordsOf(reader, format, columns).Next, reader, stream is FileStream { CanSeek: true } ? stream.Length : 0);
    }

    /// <summary>The same texts, with the verb's own rules.</summary>
    public TextSource With(Func<InputRecord, string?>? check, bool skipBad) => new(_next, _reader, _length) { Check = check, SkipBad = skipBad };

    /// <summary>The share of the input up to the end of a record, 0…1; null where the length of the input is not known.</summary>
    public double? ShareAt(InputRecord record) => _length > 0 ? (double)record.Position / _length : null;

    public void Dispose() => _reader?.Dispose();

    private InputRecord? Checked(InputRecord? record) => record is not null && Check?.Invoke(record) is { } problem
        ? throw new BadRecordException($"{record.Place}: {problem}")
        : record;

    private static string FormatOf(string? path) => Path.GetExtension(path)?.ToLowerInvariant() switch
    {
        ".jsonl" or ".ndjson" => InputFormat.Jsonl,
        ".csv" => InputFormat.Csv,
        ".tsv" => InputFormat.Tsv,
        _ => InputFormat.Lines,
    };

    private static RecordReader RecordsOf(LineReader reader, string format, InputColumns columns) => format switch
    {
        InputFormat.Jsonl => new JsonlRecords(reader, columns),
        InputFormat.Csv => new DelimitedRecords(reader, columns, csv: true),
        InputFormat.Tsv => new DelimitedRecords(reader, columns, csv: false),
        _ => new LineRecords(reader),
    };
}
