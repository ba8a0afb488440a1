using System.CommandLine;
using BertSharp.Cli.Input;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert ner</c>: the names, or whatever else the model labels, in each text.</summary>
internal sealed class NerCommand
{
    private readonly Option<string> _aggregation = new("--aggregation") { Description = "How tokens become entities: each by itself (none), neighbours of one label (simple), or whole words by their first token, the mean or the surest token (first, average, max).", DefaultValueFactory = _ => "first", HelpName = "HOW" };
    private readonly Option<int?> _maxTokens = CommonOptions.Number("--max-tokens", "The most tokens that are read at once, special ones included; by default what the model takes.", 3);
    private readonly Option<int?> _stride = CommonOptions.Number("--stride", "Read longer texts in windows that share N tokens; without it they are cut.", 0);
    private readonly StreamOptions _stream;

    private NerCommand(Command command, CommandContext context)
    {
        _stream = new StreamOptions(command, context, InputFields.Single, StreamOptions.AllFormats);
        _aggregation.AcceptOnlyFromAmong("none", "simple", "first", "average", "max");
        foreach (Option option in (Option[])[_aggregation, _maxTokens, _stride])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("ner", "Find names and other entities in texts, with their places.");
        _ = new NerCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert ner -m minilm-wnut17 \"Ada Lovelace lived in London with Charles Babbage.\"",
            "bert ner -m minilm-wnut17 --input texts.txt --aggregation simple --format jsonl",
            "bert ner -m minilm-wnut17 --input texts.csv --column title --stride 64 --format csv --output entities.csv",
            "cat texts.txt | bert ner -m minilm-wnut17 --format html > entities.html");
    }

    private int Run(ParseResult parsed)
    {
        FindOptions options = new()
        {
            Aggregation = Enum.Parse<Aggregation>(parsed.GetValue(_aggregation)!, ignoreCase: true),
            MaxLength = parsed.GetValue(_maxTokens),
            Stride = parsed.GetValue(_stride),
        };
        if (options is { Aggregation: Aggregation.None, Stride: not null })
        {
            throw CliException.Usage("--stride joins the entities of windows, which --aggregation none excludes; choose another aggregation.");
        }

        using TextSource source = _stream.Input.Open(parsed);
        using TokenClassifier classifier = _stream.Load(parsed, path => TokenClassifier.Load(path));
        CommonOptions.RequireAtMost(classifier.MaxTokens, options.MaxLength, _maxTokens);
        TruncationWarning cut = new(options.MaxLength ?? classifier.MaxTokens, "read the rest with --stride");
        _stream.Run(parsed, source, "finding", new EntitiesView(classifier.Config.Id2Label), (records, cancellation) => Find(classifier, records, options, cut, cancellation));
        cut.Say();
        return ExitCode.Success;
    }

    private static List<FoundEntities> Find(TokenClassifier classifier, List<InputRecord> records, FindOptions options, TruncationWarning cut, CancellationToken cancellation)
    {
        string[] texts = [.. records.Select(record => record.Text)];
        TokenBatch batch = classifier.Encode(texts, options);
        IReadOnlyList<IReadOnlyList<Entity>> entities = classifier.Find(batch, texts, options, cancellation: cancellation);
        List<FoundEntities> found = [];
        for (int i = 0; i < texts.Length; i++)
        {
            // Windows leave nothing out, and are not one a text.
            bool truncated = options.Stride is null && batch.Truncated(i);
            cut.Count(truncated, records[i]);
            found.Add(new FoundEntities(texts[i], entities[i], truncated));
        }

        return found;
    }
}
