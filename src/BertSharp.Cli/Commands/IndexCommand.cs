using System.CommandLine;
using System.Globalization;
using BertSharp.Cli.Input;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert index</c>: embeds texts as they are read and saves them as an index, whole or not at all.</summary>
internal sealed class IndexCommand
{
    private const int Batch = 512;

    private static readonly (string Name, IndexPrecision Precision)[] Precisions =
        [("float32", IndexPrecision.Float32), ("int8", IndexPrecision.Int8), ("binary", IndexPrecision.Binary)];

    private readonly Option<string> _model = DefaultModel.UseFor(CommonOptions.Model(), DefaultModel.Embeddings);
    private readonly Option<string> _output = new("--output", "-o") { Description = "The index to write; one of that name is replaced.", HelpName = "FILE", Required = true };
    private readonly Option<string> _precision = new("--precision") { Description = "How vectors are kept: float32; int8, a quarter of the memory; or binary, a search of bits that bytes put in order.", DefaultValueFactory = _ => Precisions[0].Name, HelpName = "TYPE" };
    private readonly Option<string?> _prompt = new("--prompt") { Description = "A text put before each text; by default the model's own for documents.", HelpName = "TEXT" };
    private readonly Option<int?> _threads = CommonOptions.Threads();
    private readonly InputOptions _input;
    private readonly CommandContext _context;

    private IndexCommand(Command command, CommandContext context)
    {
        _context = context;
        _precision.AcceptOnlyFromAmong([.. Precisions.Select(row => row.Name)]);
        command.Options.Add(_model);
        _input = new InputOptions(command, new InputFields("text", Id: "id"));
        foreach (Option option in (Option[])[_output, _precision, _prompt, _threads])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("index", "Make an index of texts, which bert search finds by meaning.");
        _ = new IndexCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert index -m all-MiniLM-L6-v2 --input texts.txt --output texts.index",
            "bert index -m all-MiniLM-L6-v2 --input texts.csv --column title --id-column id --precision int8 --output titles.index",
            "cat texts.txt | bert index -m all-MiniLM-L6-v2 --precision binary --output texts.index");
    }

    private int Run(ParseResult parsed)
    {
        string output = parsed.GetValue(_output)!, model = parsed.GetValue(_model)!;
        if (Directory.Exists(output))
        {
            throw CliException.Usage($"--output {output} is a folder; give the name of a file.");
        }

        CommonOptions.UseThreads(parsed.GetValue(_threads));
        using TextSource source = _input.Open(parsed);
        using SentenceEmbedder embedder = SentenceEmbedder.Load(DefaultModel.Of(parsed, _model));
        IndexOptions options = new()
        {
            Precision = Array.Find(Precisions, row => row.Name == parsed.GetValue(_precision)).Precision,
            Prompt = parsed.GetValue(_prompt) ?? SemanticIndex.DocumentPrompt(embedder),
            Model = Directory.Exists(model) ? Path.GetFullPath(model) : model, // A search may be run elsewhere.
        };
        TruncationWarning cut = new(embedder.MaxTokens, "index longer texts in parts, the model takes no more");
        ConsoleProgress.Run("indexing", "texts", resultsOnTerminal: false, report =>
        {
            InputRecord? last = null;
            IEnumerable<IndexEntry> entries = ReadAhead.Batches(source, Batch, _context.Cancellation).SelectMany(batch => CountCut(batch, embedder, options, cut)).Select((record, i) =>
            {
                last = record;
                return new IndexEntry(record.Id ?? i.ToString(CultureInfo.InvariantCulture), record.Text);
            });
            Done done = new(count => report(count, last is null ? null : source.ShareAt(last)));
            using SemanticIndex index = SemanticIndex.Build(embedder, entries, options, done, _context.Cancellation);
            index.Save(output, _context.Cancellation);
        });
        cut.Say();
        return ExitCode.Success;
    }

    // The tokens are read twice; that is little beside the model.
    private static List<InputRecord> CountCut(List<InputRecord> batch, SentenceEmbedder embedder, IndexOptions options, TruncationWarning cut)
    {
        TokenBatch tokens = embedder.Encode([.. batch.Select(record => record.Text)], new EmbedOptions { Prompt = options.Prompt });
        for (int i = 0; i < batch.Count; i++)
        {
            cut.Count(tokens.Truncated(i), batch[i]);
        }

        return batch;
    }

    private sealed class Done(Action<int> tell) : IProgress<int>
    {
        public void Report(int value) => tell(value);
    }
}
