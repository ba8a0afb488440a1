using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using BertSharp.Cli.Input;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert similarity</c>: how alike two texts are, which of many is nearest to the first, or all against all.</summary>
internal sealed class SimilarityCommand
{
    private readonly Option<string> _model = DefaultModel.UseFor(CommonOptions.Model(), DefaultModel.Embeddings);
    private readonly Option<string?> _metric = new("--metric") { Description = "cosine, dot, euclidean or manhattan (distances are negative, so more is nearer); by default the model's own." };
    private readonly Option<int?> _top = CommonOptions.Number("--top", "Only the N nearest.", 1);
    private readonly Option<int?> _threads = CommonOptions.Threads();
    private readonly Option<string> _format = CommonOptions.TextFormat();
    private readonly InputOptions _input;
    private readonly CommandContext _context;

    private SimilarityCommand(Command command, CommandContext context)
    {
        _context = context;
        _metric.AcceptOnlyFromAmong("cosine", "dot", "euclidean", "manhattan");
        _input = new InputOptions(command, InputFields.Single);
        foreach (Option option in (Option[])[_model, _metric, _top, _threads, _format])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("similarity", "Compare the first text with the others: two give a score, more a ranking, JSON the matrix of all.");
        _ = new SimilarityCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert similarity -m all-MiniLM-L6-v2 \"A man is eating food.\" \"A man eats something.\"",
            "bert similarity -m all-MiniLM-L6-v2 \"Who eats?\" --input texts.txt --top 3",
            "bert similarity -m all-MiniLM-L6-v2 \"One.\" \"Two.\" \"Three.\" --format json");
    }

    private int Run(ParseResult parsed)
    {
        CommonOptions.UseThreads(parsed.GetValue(_threads));
        string[] arguments = _input.Arguments(parsed);
        if (arguments.Length == 0)
        {
            throw CliException.Usage("similarity needs a text to compare with, as its first argument.");
        }

        using SentenceEmbedder embedder = SentenceEmbedder.Load(DefaultModel.Of(parsed, _model));
        TextEmbedding embedding = new(embedder);
        List<EmbeddedText> texts = [.. embedding.Of(TextSource.OfArguments(arguments, null), _context.Cancellation)];
        if (arguments.Length == 1 || _input.HasInput(parsed))
        {
            using TextSource source = _input.OpenFile(parsed);
            texts.AddRange(embedding.Of(source, _context.Cancellation));
        }

        embedding.Cut.Say();
        using ResultWriter results = _context.OpenResults(null, parsed.GetValue(_format)!);
        Func<float[], float[], float> metric = Metric(embedder, parsed.GetValue(_metric));
        if (parsed.GetValue(_format) == OutputFormat.Json)
        {
            results.WriteDocument(json => WriteMatrix(json, texts, metric));
        }
        else
        {
            WriteRanking(results, texts, metric, parsed.GetValue(_top) ?? int.MaxValue);
        }

        return ExitCode.Success;
    }

    private static Func<float[], float[], float> Metric(SentenceEmbedder embedder, string? name) => name switch
    {
        "cosine" => (a, b) => Similarity.Cosine(a, b),
        "dot" => (a, b) => Similarity.Dot(a, b),
        "euclidean" => (a, b) => Similarity.Euclidean(a, b),
        "manhattan" => (a, b) => Similarity.Manhattan(a, b),
        _ => (a, b) => embedder.Similarity(a, b),
    };

    private static void WriteRanking(ResultWriter results, List<EmbeddedText> texts, Func<float[], float[], float> metric, int top)
    {
        (string Text, float Score)[] ranking = [.. texts.Skip(1)
            .Select(candidate => (candidate.Text, Score: metric(texts[0].Vector, candidate.Vector)))
            .OrderByDescending(candidate => candidate.Score).Take(top)];
        foreach ((string text, float score) in ranking)
        {
            if (results.IsJson)
            {
                results.WriteObject(json =>
                {
                    json.WriteString("text", text);
                    json.WriteFinite("score", score);
                });
            }
            else
            {
                string number = score.ToString("F4", CultureInfo.InvariantCulture);
                results.WriteLine(texts.Count == 2 ? number : $"{number}\t{text}");
            }
        }
    }

    private static void WriteMatrix(Utf8JsonWriter json, List<EmbeddedText> texts, Func<float[], float[], float> metric)
    {
        json.WriteStartArray("texts");
        texts.ForEach(text => json.WriteStringValue(text.Text));
        json.WriteEndArray();
        json.WriteStartArray("scores");
        foreach (EmbeddedText row in texts)
        {
            json.WriteStartArray();
            texts.ForEach(column => json.WriteFinite(metric(row.Vector, column.Vector)));
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
