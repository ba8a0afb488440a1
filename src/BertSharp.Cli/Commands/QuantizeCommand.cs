using System.CommandLine;
using System.Globalization;
using BertSharp.Cli.Input;
using BertSharp.Cli.Output;
using BertSharp.Cli.Quantize;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert quantize -m MODEL --to FORMAT --output DIR</c>: weights in fewer bytes; with data, no further from the float32 model than allowed.</summary>
internal sealed class QuantizeCommand
{
    private const double DefaultMaxDrop = 0.01;

    private static readonly (string Name, WeightFormat Format)[] Formats = [("bfloat16", WeightFormat.BFloat16), ("int8", WeightFormat.Int8), ("int8-dynamic", WeightFormat.Int8Dynamic)];

    private readonly Option<string> _model = CommonOptions.Model();
    private readonly Option<string> _to = new("--to") { Description = "bfloat16: half the bytes; int8: a quarter, arithmetic in float32; int8-dynamic: the same file, arithmetic in whole numbers.", HelpName = "FORMAT", Required = true };
    private readonly Option<string> _output = new("--output", "-o") { Description = "The folder to write; it must not exist yet, or be empty.", HelpName = "DIR", Required = true };
    private readonly Option<string?> _data = new("--data", "-d") { Description = "A file of texts of the kind that the model will see, by its extension: .jsonl, .csv, .tsv, else one text a line. Some hundreds are enough. Without it every layer is quantized and nothing is measured.", HelpName = "FILE" };
    private readonly Option<string> _column = new("--column") { Description = "The column or property of the text in --data.", DefaultValueFactory = _ => "text", HelpName = "NAME" };
    private readonly Option<string> _pairColumn = new("--pair-column") { Description = "The column or property of the second text of a pair in --data.", DefaultValueFactory = _ => "text_pair", HelpName = "NAME" };
    private readonly Option<string?> _maxDrop = new("--max-drop") { Description = "The largest drop, 0.01 by default. Embeddings and encoders: 1 - cosine to the float32 model's vectors, first percentile. Classifiers: the share of texts whose first label changes.", HelpName = "X" };
    private readonly Option<string[]> _keep = new("--keep") { Description = "Layers that stay float32 in any case: a name of the table, or a part of one between dots, such as layer.0 or output.dense; several may follow.", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int?> _threads = CommonOptions.Threads();
    private readonly Option<string> _format = CommonOptions.Format(OutputFormat.Table, OutputFormat.Json, OutputFormat.Csv, OutputFormat.Markdown);
    private readonly CommandContext _context;

    private QuantizeCommand(Command command, CommandContext context)
    {
        _context = context;
        _to.AcceptOnlyFromAmong([.. Formats.Select(one => one.Name)]);
        foreach (Option option in (Option[])[_model, _to, _output, _data, _column, _pairColumn, _maxDrop, _keep, _threads, _format])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("quantize", "Write a model with its weights in fewer bytes; with --data, sensitive layers stay float32.");
        _ = new QuantizeCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert quantize -m all-MiniLM-L6-v2 --to int8-dynamic --data texts.txt --output minilm-int8",
            "bert quantize -m all-MiniLM-L6-v2 --to bfloat16 --output minilm-bfloat16",
            "bert quantize -m textattack/bert-base-uncased-SST-2 --to int8 --data texts.csv --column title --max-drop 0.5 --keep layer.0 --format json --output sst2-int8");
    }

    private int Run(ParseResult parsed)
    {
        CommonOptions.UseThreads(parsed.GetValue(_threads));
        double maxDrop = MaxDrop(parsed);
        string model = parsed.GetValue(_model)!, output = parsed.GetValue(_output)!, name = parsed.GetValue(_to)!;
        RequireFree(output);
        (long bytes, IReadOnlyList<string> modules) = Look(model);
        QuantizationConfig config = new(Formats.Single(one => one.Name == name).Format) { ModulesToNotConvert = Kept(parsed.GetValue(_keep) ?? [], modules) };
        QuantizationModule[] table = [.. modules.Select(module => new QuantizationModule(module, null, config.ModulesToNotConvert.Contains(module)))];
        QuantizeResult result = new(model, output, table, bytes, 0, name, null);
        if (parsed.GetValue(_data) is { } file)
        {
            (QuantizationPlan plan, QuantizeMeasurement measured) = Measure(model, Read(file, parsed), config, maxDrop);
            config = plan.Config;
            result = result with { Modules = plan.Modules, Measured = measured };
        }

        ConsoleProgress.Run("writing", "", resultsOnTerminal: false, report => ModelQuantizer.Quantize(model, output, config, new DirectProgress<double>(share => report(0, share)), _context.Cancellation));
        using ResultWriter results = _context.OpenResults(null, parsed.GetValue(_format)!);
        QuantizeReport.Write(results, result with { BytesAfter = Look(output).Bytes }, parsed.GetValue(_format)!);
        return ExitCode.Success;
    }

    private double MaxDrop(ParseResult parsed)
    {
        string? text = parsed.GetValue(_maxDrop);
        if (parsed.GetValue(_data) is null)
        {
            return text is null && parsed.GetResult(_column) is not { Implicit: false } && parsed.GetResult(_pairColumn) is not { Implicit: false }
                ? DefaultMaxDrop
                : throw CliException.Usage("--max-drop, --column and --pair-column are for --data FILE: without texts nothing is measured.");
        }

        return text is null ? DefaultMaxDrop
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 && double.IsFinite(value) ? value
            : throw CliException.Usage($"--max-drop is '{text}'; expected a number from 0 on, such as 0.01.");
    }

    // Before the measurement, which takes its time.
    private static void RequireFree(string output)
    {
        if (File.Exists(output) || (Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any()))
        {
            throw CliException.Usage($"--output {output} exists already; choose a new folder.");
        }
    }

    /// <summary>Bytes of a model's tensors, and the layers that can be quantized.</summary>
    private static (long Bytes, IReadOnlyList<string> Modules) Look(string model)
    {
        using Checkpoint checkpoint = Checkpoint.Open(model);
        string json = checkpoint.ConfigJson ?? throw new CliException($"{model}: there is no config.json beside the weights; copy the model's config.json there.");
        return (checkpoint.Tensors.Sum(tensor => tensor.ByteCount), QuantizationConfig.ModulesOf(BertConfig.Parse(json, Path.Combine(checkpoint.Path, "config.json"))));
    }

    private static string[] Kept(string[] names, IReadOnlyList<string> modules)
    {
        foreach (string name in names)
        {
            if (!modules.Any(module => Matches(module, name)))
            {
                throw CliException.Usage($"--keep {name}: the model has no such layer; its layers are {modules[0]} … {modules[^1]}.");
            }
        }

        string[] kept = [.. modules.Where(module => names.Any(name => Matches(module, name)))];
        return kept.Length < modules.Count ? kept : throw CliException.Usage("--keep keeps every layer, so that nothing is left to quantize; name fewer.");
    }

    private static bool Matches(string module, string name) => $".{module}.".Contains($".{name}.", StringComparison.Ordinal);

    private List<(string Text, string? TextPair)> Read(string file, ParseResult parsed)
    {
        using TextSource source = TextSource.OfFile(file, null, new InputColumns(parsed.GetValue(_column)!, parsed.GetValue(_pairColumn)));
        return [.. source.Records.Select(record => (record.Text, record.Pair))];
    }

    private (QuantizationPlan Plan, QuantizeMeasurement Measured) Measure(string model, List<(string Text, string? TextPair)> data, QuantizationConfig config, double maxDrop)
    {
        QuantizationGate gate = QuantizationGate.Open(model, data);
        QuantizationPlan? plan = null;
        ConsoleProgress.Run("measuring", "texts", resultsOnTerminal: false, report =>
            plan = gate.Find(config.Weights, maxDrop, config.ModulesToNotConvert, new DirectProgress<QuantizationProgress>(done => report(done.Texts, done.Share)), _context.Cancellation));
        return plan!.IsReached
            ? (plan, new QuantizeMeasurement(gate.Measure, data.Count, maxDrop, plan.Before, plan.After))
            : throw new CliException(string.Create(CultureInfo.InvariantCulture, $"{model}: the drop ({gate.Measure}) is {plan.Before.Drop:G3} with every layer quantized, and no layer can be without it being more than {maxDrop:G3}; allow more with --max-drop, or take --to bfloat16. Nothing was written"));
    }
}
