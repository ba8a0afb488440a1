using System.CommandLine;
using System.Globalization;
using BertSharp.Cli.Input;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert rerank</c>: documents in the order in which they answer a query, by a cross-encoder.</summary>
internal sealed class RerankCommand
{
    private static readonly InputFields Fields = new("text", Id: "id");

    private readonly Option<int?> _topK = CommonOptions.Number("--top-k", "Only the N best documents; all by default.", 1);
    private readonly Option<bool> _raw = CommonOptions.Raw();
    private readonly StreamOptions _stream;

    private RerankCommand(Command command, CommandContext context)
    {
        _stream = new StreamOptions(command, context, Fields, StreamOptions.AllFormats);
        command.Options.Add(_topK);
        command.Options.Add(_raw);
        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("rerank", "Sort documents by how well they answer a query, the first argument; documents are the other arguments, or --input.");
        _ = new RerankCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert rerank -m cross-encoder/ms-marco-MiniLM-L6-v2 \"Who eats?\" \"A man is eating food.\" \"The sky is blue.\"",
            "bert rerank -m cross-encoder/ms-marco-MiniLM-L6-v2 \"Who eats?\" --input texts.txt --top-k 2 --format jsonl",
            "bert rerank -m cross-encoder/ms-marco-MiniLM-L6-v2 \"Who eats?\" --input texts.csv --column title --id-column id --raw --format csv");
    }

    private int Run(ParseResult parsed)
    {
        string[] arguments = _stream.Input.Arguments(parsed);
        if (arguments.Length == 0)
        {
            throw CliException.Usage("rerank needs a query, as its first argument.");
        }

        if (arguments.Length > 1 && _stream.Input.HasInput(parsed))
        {
            throw CliException.Usage("documents are given both as arguments and by --input; give one of the two.");
        }

        using TextSource source = arguments.Length > 1 ? TextSource.OfArguments(arguments[1..], null) : _stream.Input.OpenFile(parsed);
        using Reranker reranker = _stream.Load(parsed, path => Reranker.Load(path));
        if (reranker.Config.NumLabels != 1)
        {
            throw new CliException($"the model has {reranker.Config.NumLabels} labels; rerank needs a cross-encoder with one. Its labels of pairs are given by `bert classify`.");
        }

        RerankOptions options = new() { Function = parsed.GetValue(_raw) ? ScoreFunction.None : null };
        Ranking ranking = new(reranker, arguments[0], options, parsed.GetValue(_topK) ?? int.MaxValue);
        _stream.RunWhole(parsed, source, "ranking", new RankingView(), ranking.Add, () => new RankedDocuments(arguments[0], ranking.Documents));
        ranking.Cut.Say();
        return ExitCode.Success;
    }

    /// <summary>The best documents so far: with a limit, memory does not grow with the input.</summary>
    private sealed class Ranking(Reranker reranker, string query, RerankOptions options, int topK)
    {
        private int _count;

        public List<ScoredDocument> Documents { get; private set; } = [];

        public TruncationWarning Cut { get; } = new(reranker.MaxTokens, "split longer documents, the model takes no more");

        public void Add(List<InputRecord> records, CancellationToken cancellation)
        {
            TokenBatch batch = reranker.Encode([.. records.Select(record => (query, record.Text))]);
            float[][] scores = reranker.Predict(batch, options, cancellation: cancellation);
            Cut.CountAll(records, batch.Truncated);
            IEnumerable<ScoredDocument> added = records.Select((record, i) => new ScoredDocument(record.Id ?? (_count + i).ToString(CultureInfo.InvariantCulture), record.Text, scores[i][0]));
            Documents = [.. Documents.Concat(added).OrderByDescending(document => document.Score).Take(topK)];
            _count += records.Count;
        }
    }
}
