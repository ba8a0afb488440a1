using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using BertSharp.Cli.Bench;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert bench MODEL</c>: tokens a second, GFLOP/s, and their share of the machine's peak.</summary>
internal static class BenchCommand
{
    private const ulong Seed = 42;

    public static Command Create(CommandContext context)
    {
        Argument<string> model = new("model") { Description = "A folder in Hugging Face's layout, or a published name: then with random weights of a fixed seed." };
        Option<int?> sequences = CommonOptions.Number("--sequences", "Sequences of the batch; 8 by default.", 1, 1 << 16);
        Option<int?> tokens = CommonOptions.Number("--tokens", "Tokens of each sequence; 128 by default.", 1, 1 << 16);
        Option<int?> runs = CommonOptions.Number("--runs", "Timed passes, of which the median counts; 10 by default.", 1, 100_000);
        Option<int?> threads = CommonOptions.Threads();
        Option<string> format = CommonOptions.Format(OutputFormat.Text, OutputFormat.Json, OutputFormat.Jsonl, OutputFormat.Markdown, OutputFormat.Csv);
        Option<string> weights = WeightOption.Create();
        Option<bool> perOperation = new("--per-op") { Description = "Also a table of time by operation, from as many passes more; --format markdown and csv write this table alone." };
        Command command = new("bench", "Time the encoder and compare it with the machine's peak: of FMAs, with int8-dynamic of int8 products.") { model, sequences, tokens, threads, runs, weights, perOperation, format };
        command.SetAction(parsed =>
        {
            CommonOptions.UseThreads(parsed.GetValue(threads));
            BenchOptions options = new(parsed.GetValue(sequences) ?? 8, parsed.GetValue(tokens) ?? 128, parsed.GetValue(threads) ?? Environment.ProcessorCount, parsed.GetValue(runs) ?? 10, parsed.GetValue(perOperation));
            string name = parsed.GetValue(model)!, written = parsed.GetValue(format)!;
            RequireTable(options, written);
            using BertModel loaded = Load(name, WeightOption.Parse(parsed.GetValue(weights)!));
            Require(loaded.Config, options);
            BenchResult result = new ModelBench(loaded, options, context.Cancellation).Run();
            Write(name, options, result, written, context);
            return ExitCode.Success;
        });
        return HelpWithExamples.Add(
            command,
            "bert bench bert-base-uncased --sequences 8 --tokens 128 --threads 2",
            "bert bench prajjwal1/bert-tiny --per-op --runs 3",
            "bert bench all-MiniLM-L6-v2 --sequences 32 --tokens 16 --format json");
    }

    private static BertModel Load(string name, WeightFormat weights) =>
        !Path.Exists(name) && PublishedModels.TryFind(name, out BertConfig config) ? BertModel.Create(config, Seed, weights) : BertModel.Load(name, weights);

    private static void Require(BertConfig config, BenchOptions options)
    {
        if (options.Tokens > config.MaxPositionEmbeddings)
        {
            throw CliException.Usage($"--tokens is {options.Tokens}; the model takes at most {config.MaxPositionEmbeddings}.");
        }
    }

    private static void RequireTable(BenchOptions options, string format)
    {
        if (!options.PerOperation && format is (OutputFormat.Markdown or OutputFormat.Csv))
        {
            throw CliException.Usage($"--format {format} writes the table of operations; add --per-op.");
        }
    }

    private static void Write(string name, BenchOptions options, BenchResult result, string format, CommandContext context)
    {
        using ResultWriter results = context.OpenResults(null, format);
        if (results.IsJson)
        {
            results.WriteDocument(json => WriteJson(json, name, options, result));
        }
        else
        {
            WriteText(results, name, options, result, format);
        }

        if (result.PeakDrift > 0.03)
        {
            CommandContext.Warn($"the machine's peak moved by {result.PeakDrift.ToString("P1", CultureInfo.InvariantCulture)} during the run; end what else is running and repeat");
        }
    }

    private static double TokensPerSecond(BenchOptions options, BenchResult result) =>
        (double)options.Sequences * options.Tokens / result.Milliseconds * 1000;

    private static void WriteText(ResultWriter results, string name, BenchOptions options, BenchResult result, string format)
    {
        if (format == OutputFormat.Text)
        {
            CultureInfo culture = CultureInfo.InvariantCulture;
            results.WriteLine(string.Create(culture, $"{name}: {options.Sequences} sequences of {options.Tokens} tokens, {options.Threads} threads, {VersionAction.Runtime}, {VersionAction.VectorWidth}-bit vectors"));
            results.WriteLine(string.Create(culture, $"{result.Milliseconds:N2} ms (median of {options.Runs})"));
            results.WriteLine(string.Create(culture, $"{TokensPerSecond(options, result):N0} tokens/s"));
            results.WriteLine(string.Create(culture, $"{result.Gflops:N1} GFLOP/s"));
            results.WriteLine(string.Create(culture, $"{result.PeakShare * 100:N1} % of the {result.Peak}"));
        }

        if (result.Operations is { } operations)
        {
            WriteOperations(results, operations, format);
        }
    }

    private static void WriteOperations(ResultWriter results, OperationReport operations, string format)
    {
        IEnumerable<string> lines = OperationTable.Of(operations).Lines(format);
        foreach (string line in format == OutputFormat.Text ? ["", .. lines, "", OperationTable.Note(operations)] : lines)
        {
            results.WriteLine(line);
        }
    }

    private static void WriteJson(Utf8JsonWriter json, string name, BenchOptions options, BenchResult result)
    {
        json.WriteString("model", name);
        json.WriteNumber("sequences", options.Sequences);
        json.WriteNumber("tokens", options.Tokens);
        json.WriteNumber("threads", options.Threads);
        json.WriteNumber("milliseconds", result.Milliseconds);
        json.WriteNumber("tokens_per_second", TokensPerSecond(options, result));
        json.WriteNumber("gflops", result.Gflops);
        json.WriteFinite("peak_share", result.PeakShare);
        json.WriteFinite("peak_gflops", result.Peak.Gflops);
        json.WriteString("peak", result.Peak.Name);
        json.WriteString("runtime", VersionAction.Runtime);
        json.WriteNumber("vector_bits", VersionAction.VectorWidth);
        if (result.Operations is { } operations)
        {
            OperationTable.WriteJson(json, operations);
        }
    }
}
