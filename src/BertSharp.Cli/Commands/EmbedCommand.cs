using System.CommandLine;
using System.Globalization;
using BertSharp.Cli.Input;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert embed</c>: one vector for each text, in their order.</summary>
internal sealed class EmbedCommand
{
    private readonly Option<string?> _prompt = new("--prompt") { Description = "A text put before each input, such as \"query: \".", HelpName = "TEXT" };
    private readonly Option<string?> _promptName = new("--prompt-name") { Description = "One of the model's own prompts, such as query.", HelpName = "NAME" };
    private readonly Option<bool?> _normalize = new("--normalize") { Description = "Vectors of length 1 (true) or as they are (false); by default as the model says.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<int?> _truncate = CommonOptions.Number("--truncate-dim", "Keep the first N values of each vector.", 1);
    private readonly Option<string> _precision = new("--precision") { Description = "The values: float32, bytes scaled to --calibration (int8, uint8), or a bit each, eight a byte (binary, ubinary).", DefaultValueFactory = _ => EmbeddingValues.Float32, HelpName = "TYPE" };
    private readonly Option<string?> _calibration = new("--calibration") { Description = "A file of texts like those to come; their vectors give the ranges of int8 and uint8.", HelpName = "FILE" };
    private readonly Option<bool> _tokens = new("--tokens") { Description = "A vector for each token instead of one for the text." };
    private readonly Option<string?> _layers = new("--layers") { Description = "With --tokens: which hidden states, such as -1,-2,-3,-4; 0 is the embeddings, -1 the last layer and the default.", HelpName = "N,N" };
    private readonly StreamOptions _stream;
    private readonly CommandContext _context;

    private EmbedCommand(Command command, CommandContext context)
    {
        _context = context;
        _stream = new StreamOptions(command, context, InputFields.Single, StreamOptions.AllFormats) { Default = DefaultModel.Embeddings };
        _precision.AcceptOnlyFromAmong(EmbeddingValues.Float32, EmbeddingValues.Int8, EmbeddingValues.UInt8, EmbeddingValues.Binary, EmbeddingValues.UBinary);
        foreach (Option option in (Option[])[_prompt, _promptName, _normalize, _truncate, _precision, _calibration, _tokens, _layers])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("embed", "Turn texts into vectors, one for each, in their order.");
        _ = new EmbedCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert embed -m all-MiniLM-L6-v2 \"A man is eating food.\"",
            "bert embed -m all-MiniLM-L6-v2 --input texts.jsonl --format jsonl --output vectors.jsonl",
            "bert embed -m all-MiniLM-L6-v2 --input texts.csv --column title --truncate-dim 128 --normalize",
            "bert embed -m all-MiniLM-L6-v2 --input texts.txt --precision int8 --calibration texts.txt --format json",
            "cat texts.txt | bert embed -m all-MiniLM-L6-v2 --prompt \"query: \" --format jsonl",
            "bert embed -m all-MiniLM-L6-v2 --tokens --layers -1,-2,-3,-4 \"Who was Jim Henson?\" --format jsonl");
    }

    private int Run(ParseResult parsed) => parsed.GetValue(_tokens) || parsed.GetValue(_layers) is not null ? ExtractTokens(parsed) : EmbedTexts(parsed);

    private int ExtractTokens(ParseResult parsed)
    {
        if (((Option[])[_prompt, _promptName, _normalize, _truncate, _precision, _calibration]).Any(option => parsed.GetResult(option) is { Implicit: false }))
        {
            throw CliException.Usage("--tokens and --layers give hidden states as they are; prompt, normalisation, truncation and precision are for vectors of texts.");
        }

        int[] layers = [.. (parsed.GetValue(_layers) ?? "-1").Split(',').Select(LayerOf)];
        using TextSource source = _stream.Input.Open(parsed);
        using FeatureExtractor extractor = _stream.Load(parsed, path => FeatureExtractor.Load(path));
        TruncationWarning cut = new(extractor.MaxTokens, "split longer texts, the model takes no more");
        _stream.Run(parsed, source, "embedding", new FeaturesView(), (records, cancellation) =>
        {
            IReadOnlyList<TokenFeatures> features = extractor.Extract([.. records.Select(record => record.Text)], layers, cancellation: cancellation);
            return [.. records.Zip(features, (record, one) =>
            {
                cut.Count(one.Truncated, record);
                return (record.Text, one);
            })];
        });
        cut.Say();
        return ExitCode.Success;
    }

    private static int LayerOf(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int layer)
        ? layer
        : throw CliException.Usage($"--layers: '{text}' is no layer; expected whole numbers with commas between, such as -1,-2,-3,-4.");

    private int EmbedTexts(ParseResult parsed)
    {
        string precision = parsed.GetValue(_precision)!;
        if (EmbeddingValues.NeedsRanges(precision) != parsed.GetValue(_calibration) is not null)
        {
            throw CliException.Usage("--precision int8 and uint8 need --calibration FILE, a file of sample texts; the other precisions take none.");
        }

        using TextSource source = _stream.Input.Open(parsed);
        using SentenceEmbedder embedder = _stream.Load(parsed, path => SentenceEmbedder.Load(path));
        TextEmbedding embedding = new(embedder, Options(parsed));
        EmbeddingRanges? ranges = parsed.GetValue(_calibration) is { } sample ? Calibrate(embedding, sample) : null;
        _stream.Run(parsed, source, "embedding", new EmbeddingView(new EmbeddingValues(precision, ranges)), embedding.Embed);
        embedding.Cut.Say();
        return ExitCode.Success;
    }

    private EmbedOptions Options(ParseResult parsed) => new()
    {
        Prompt = parsed.GetValue(_prompt),
        PromptName = parsed.GetValue(_promptName),
        Normalize = parsed.GetResult(_normalize) is { Implicit: false, Tokens.Count: 0 } ? true : parsed.GetValue(_normalize),
        TruncateDim = parsed.GetValue(_truncate),
    };

    private EmbeddingRanges Calibrate(TextEmbedding embedding, string path)
    {
        using TextSource sample = TextSource.OfFile(path, null, new InputColumns());
        EmbeddingRanges? ranges = null;
        foreach (float[][] vectors in embedding.Of(sample, _context.Cancellation).Select(text => text.Vector).Chunk(512))
        {
            IEnumerable<float[]> before = ranges is null ? [] : [ranges.Minimum, ranges.Maximum];
            ranges = EmbeddingRanges.Of([.. before, .. vectors]);
        }

        return ranges ?? throw new CliException($"{path} has no text to calibrate with.");
    }
}
