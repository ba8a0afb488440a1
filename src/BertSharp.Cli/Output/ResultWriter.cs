using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace BertSharp.Cli.Output;

/// <summary>
/// Writes results one after the other: lines of text, one JSON object a line, one JSON array, rows of CSV, a page. A record is put together
/// first and then appended whole, so what is written at any end of the process is whole records.
/// </summary>
internal sealed class ResultWriter : IDisposable
{
    private const int FlushAt = 1 << 15;

    private readonly Stream _stream;
    private readonly string _format;
    private readonly Terminal _terminal;
    private readonly ArrayBufferWriter<byte> _record = new();
    private readonly ArrayBufferWriter<byte> _pending = new();
    private readonly Utf8JsonWriter _json;
    private readonly Lock _lock = new();
    private bool _ended;
    private bool _any;
    private bool _completed;

    /// <summary>Writes to a stream, which is closed at the end.</summary>
    /// <param name="stream">Where the results go.</param>
    /// <param name="format">One of <see cref="OutputFormat"/>.</param>
    /// <param name="terminal">What the stream ends at.</param>
    public ResultWriter(Stream stream, string format, Terminal terminal)
    {
        _stream = stream;
        _terminal = terminal;
        _format = format;
        _json = new Utf8JsonWriter(_record, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Whether results are JSON, in an array or one a line.</summary>
    public bool IsJson => _format is OutputFormat.Json or OutputFormat.Jsonl;

    /// <summary>Writes what stands before the first result: the titles of CSV, the head of a page.</summary>
    public void Begin<T>(string title, ResultView<T> view)
    {
        switch (_format)
        {
            case OutputFormat.Csv:
                WriteLine(TextTable.CsvLine(view.Columns));
                break;
            case OutputFormat.Html:
                WriteLine(HtmlPage.Head(title));
                break;
        }
    }

    /// <summary>Appends the result for one input, whole, in the format of this run.</summary>
    public void Write<T>(ResultView<T> view, T result)
    {
        switch (_format)
        {
            case OutputFormat.Json or OutputFormat.Jsonl:
                WriteObject(json => view.WriteJson(json, result));
                break;
            case OutputFormat.Csv:
                WriteLines(view.Rows(result).Select(TextTable.CsvLine));
                break;
            case OutputFormat.Html:
                WriteLine($"<article>{view.Html(result)}</article>");
                break;
            default:
                WriteLines(view.Lines(result, _terminal));
                break;
        }
    }

    /// <summary>Appends one JSON object.</summary>
    public void WriteObject(Action<Utf8JsonWriter> properties)
    {
        _record.ResetWrittenCount();
        _json.Reset(_record);
        _json.WriteStartObject();
        properties(_json);
        _json.WriteEndObject();
        _json.Flush();
        Append(_record.WrittenSpan, separated: !_completed && _format == OutputFormat.Json);
    }

    /// <summary>Writes the only JSON object of a run; no array is put around it.</summary>
    public void WriteDocument(Action<Utf8JsonWriter> properties)
    {
        _completed = true;
        WriteObject(properties);
        Flush();
    }

    /// <summary>Appends one line of text.</summary>
    public void WriteLine(string line) => WriteLines([line]);

    /// <summary>Hands what is written so far to the reader.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            FlushPending();
        }
    }

    /// <summary>Ends the results: closes the array of JSON, and writes all.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            if (!_completed && _format == OutputFormat.Json)
            {
                _pending.Write(_any ? "\n]\n"u8 : "[]\n"u8);
            }
            else if (!_completed && _format == OutputFormat.Html)
            {
                Encoding.UTF8.GetBytes(HtmlPage.Tail, _pending);
            }

            _completed = true;
            FlushPending();
        }
    }

    /// <summary>
    /// Completes the results for good, for a process that ends at once: what another thread appends from now on is dropped, since
    /// the end would cut it off in its middle.
    /// </summary>
    public void End()
    {
        lock (_lock)
        {
            Complete();
            _ended = true;
        }
    }

    public void Dispose()
    {
        try
        {
            Complete();
        }
        finally
        {
            _json.Dispose();
            _stream.Dispose();
        }
    }

    /// <summary>Appends the lines of one record, all or none.</summary>
    private void WriteLines(IEnumerable<string> lines)
    {
        string[] record = [.. lines];
        if (record.Length > 0)
        {
            _record.ResetWrittenCount();
            Encoding.UTF8.GetBytes(string.Join('\n', record), _record);
            Append(_record.WrittenSpan, separated: false);
        }
    }

    private void Append(ReadOnlySpan<byte> record, bool separated)
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            if (separated)
            {
                _pending.Write(_any ? ",\n"u8 : "[\n"u8);
            }

            _any = true;
            _pending.Write(record);
            if (!separated)
            {
                _pending.Write("\n"u8);
            }

            if (_pending.WrittenCount >= FlushAt)
            {
                FlushPending();
            }
        }
    }

    private void FlushPending()
    {
        // Taken out first: what a broken pipe refuses must not be tried again at the end.
        byte[] bytes = _pending.WrittenSpan.ToArray();
        _pending.ResetWrittenCount();
        _stream.Write(bytes);
        _stream.Flush();
    }
}
