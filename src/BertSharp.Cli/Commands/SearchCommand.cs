using System.CommandLine;
using BertSharp.Cli.Input;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert search</c>: the texts of an index that are nearest to each query.</summary>
internal sealed class SearchCommand
{
    private readonly Argument<string> _index = new("index") { Description = "An index that bert index made." };
    private readonly Option<int?> _top = CommonOptions.Number("--top-k", "Results for each query; 10 by default.", 1);
    private readonly Option<int?> _oversampling = CommonOptions.Number("--oversampling", "Of a binary index: how many times --top-k candidates are chosen by their bits; 4 by default.", 1, 10_000);
    private readonly Option<string?> _prompt = new("--prompt") { Description = "A text put before each query; by default the model's own for queries.", HelpName = "TEXT" };
    private readonly StreamOptions _stream;

    private SearchCommand(Command command, CommandContext context)
    {
        command.Arguments.Add(_index);
        _stream = new StreamOptions(command, context, new InputFields("text", Id: "id"), StreamOptions.AllFormats) { ModelRequired = false };
        foreach (Option option in (Option[])[_top, _oversampling, _prompt])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("search", "Find the texts of an index that are nearest to queries, with the model that the index names (or --model).");
        _ = new SearchCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert index -m all-MiniLM-L6-v2 --input texts.txt --output texts.index && bert search texts.index \"Who eats?\"",
            "bert search texts.index \"Who eats?\" \"Who rides?\" --top-k 2 --format jsonl",
            "bert search texts.index --input texts.jsonl --format csv --output found.csv");
    }

    private int Run(ParseResult parsed)
    {
        using TextSource source = _stream.Input.Open(parsed);
        string path = parsed.GetValue(_index)!;
        using SemanticIndex index = SemanticIndex.Load(path);
        using SentenceEmbedder embedder = _stream.Load(parsed, path => SentenceEmbedder.Load(path), () => index.Model
            ?? throw CliException.Usage($"the index {path} names no model; give the one that it was built with by --model."));
        SearchOptions defaults = new(), options = new()
        {
            TopK = parsed.GetValue(_top) ?? defaults.TopK,
            Oversampling = parsed.GetValue(_oversampling) ?? defaults.Oversampling,
            Prompt = parsed.GetValue(_prompt),
        };
        _stream.Run(parsed, source, "searching", new SearchView(), (records, cancellation) =>
            [.. index.Search(embedder, [.. records.Select(record => record.Text)], options, cancellation: cancellation)
                .Zip(records, (results, record) => (record, results))]);
        return ExitCode.Success;
    }
}
