using System.CommandLine;
using BertSharp.Cli.Input;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary>
/// What all verbs share that answer text after text: model, input, format, output, and the loop from one to the other, in
/// constant memory and in the order of the input.
/// </summary>
internal sealed class StreamOptions
{
    private const int DefaultBatch = 512;

    private readonly Option<string> _model = CommonOptions.Model();
    private readonly Option<int?> _batch = CommonOptions.Number("--batch-size", $"The most texts that are computed together; {DefaultBatch} by default.", 1, 1 << 20);
    private readonly Option<int?> _threads = CommonOptions.Threads();
    private readonly Option<string?> _output = CommonOptions.Output();
    private readonly Option<string> _format;
    private readonly CommandContext _context;

    /// <param name="command">The verb that gets the options.</param>
    /// <param name="context">The run.</param>
    /// <param name="fields">What the verb reads of a record.</param>
    /// <param name="formats">The formats it writes; the first is the default.</param>
    public StreamOptions(Command command, CommandContext context, InputFields fields, params string[] formats)
    {
        _context = context;
        _format = CommonOptions.Format(formats);
        command.Options.Add(_model);
        Input = new InputOptions(command, fields);
        foreach (Option option in (Option[])[_format, _output, _batch, _threads])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>All formats, text first.</summary>
    public static string[] AllFormats { get; } = [OutputFormat.Text, OutputFormat.Json, OutputFormat.Jsonl, OutputFormat.Csv, OutputFormat.Html];

    /// <summary>Whether <c>--model</c> must be given; else the verb knows a model of its own.</summary>
    public bool ModelRequired
    {
        get => _model.Required;
        init => _model.Required = value;
    }

    /// <summary>The model of our own that answers where <c>--model</c> is not given.</summary>
    public string Default
    {
        init => DefaultModel.UseFor(_model, value);
    }

    /// <summary>Where the texts come from.</summary>
    public InputOptions Input { get; }

    /// <summary>Loads the model of <c>--model</c>, or of <paramref name="fallback"/> where it is not given, after the number of threads is set.</summary>
    public T Load<T>(ParseResult parsed, Func<string, T> load, Func<string>? fallback = null)
    {
        CommonOptions.UseThreads(parsed.GetValue(_threads));
        return load(fallback is null ? DefaultModel.Of(parsed, _model) : parsed.GetValue(_model) ?? fallback());
    }

    /// <summary>Answers every record of a source and writes the results in their order.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="source">The texts.</param>
    /// <param name="title">What is done, such as "classifying".</param>
    /// <param name="view">How results look.</param>
    /// <param name="answer">One result for each record of a batch; it stops, between layers, when the token says so.</param>
    public void Run<T>(ParseResult parsed, TextSource source, string title, ResultView<T> view, Func<List<InputRecord>, CancellationToken, IReadOnlyList<T>> answer)
    {
        using ResultWriter results = Begin(parsed, view);
        Walk(parsed, source, title, batch =>
        {
            foreach (T result in answer(batch, _context.Cancellation))
            {
                results.Write(view, result);
            }

            results.Flush();
        });
    }

    /// <summary>Reads every record of a source and writes the one result that all of them give.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="source">The texts.</param>
    /// <param name="title">What is done, such as "ranking".</param>
    /// <param name="view">How the result looks.</param>
    /// <param name="read">Takes in a batch.</param>
    /// <param name="result">The result, after the last batch.</param>
    public void RunWhole<T>(ParseResult parsed, TextSource source, string title, ResultView<T> view, Action<List<InputRecord>, CancellationToken> read, Func<T> result)
    {
        using ResultWriter results = Begin(parsed, view);
        Walk(parsed, source, title, batch => read(batch, _context.Cancellation));
        results.Write(view, result());
    }

    private ResultWriter Begin<T>(ParseResult parsed, ResultView<T> view)
    {
        ResultWriter results = _context.OpenResults(parsed.GetValue(_output), parsed.GetValue(_format)!);
        results.Begin($"bert {parsed.CommandResult.Command.Name}", view);
        return results;
    }

    private void Walk(ParseResult parsed, TextSource source, string title, Action<List<InputRecord>> take) =>
        ConsoleProgress.Run(title, "texts", parsed.GetValue(_output) is null && !Console.IsOutputRedirected, report =>
        {
            long done = 0;
            foreach (List<InputRecord> batch in ReadAhead.Batches(source, parsed.GetValue(_batch) ?? DefaultBatch, _context.Cancellation))
            {
                take(batch);
                report(done += batch.Count, source.ShareAt(batch[^1]));
            }
        });
}
