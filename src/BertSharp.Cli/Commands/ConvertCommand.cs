using System.CommandLine;
using System.Globalization;
using BertSharp.Cli.Onnx;
using BertSharp.Cli.Output;
using BertSharp.Cli.Params;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert convert SRC --to FOLDER|onnx</c>: the same model with its weights in another float type or other shards, or as an ONNX graph.</summary>
internal sealed class ConvertCommand
{
    private const string ToOnnx = "onnx";

    private static readonly TensorType[] Types = [TensorType.Float32, TensorType.Float16, TensorType.BFloat16, TensorType.Float64];

    private readonly Argument<string> _source = new("source") { Description = "A checkpoint: folder, file, or name in the Hugging Face cache." };
    private readonly Option<string> _to = new("--to") { Description = "The folder to write; it must not exist yet, or be empty. Or onnx: a graph for other runtimes, in the file of --output.", HelpName = "FOLDER|onnx", Required = true };
    private readonly Option<string> _type = new("--type") { Description = "The float type of the weights in a folder.", DefaultValueFactory = _ => "float32", HelpName = "TYPE" };
    private readonly Option<string> _shards = new("--max-shard-size") { Description = "The largest file of a folder, such as 5GB or 500MB; larger checkpoints are split.", DefaultValueFactory = _ => "5GB", HelpName = "SIZE" };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The ONNX file to write; one of that name is replaced.", HelpName = "FILE" };
    private readonly Option<string?> _head = new("--head") { Description = $"The head of the ONNX graph: {string.Join(", ", HeadNames.All)}. By default the checkpoint's own.", HelpName = "HEAD" };
    private readonly CommandContext _context;

    private ConvertCommand(Command command, CommandContext context)
    {
        _context = context;
        _type.AcceptOnlyFromAmong([.. Types.Select(one => one.TorchName())]);
        _head.AcceptOnlyFromAmong(HeadNames.All);
        command.Arguments.Add(_source);
        foreach (Option option in (Option[])[_to, _type, _shards, _output, _head])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("convert", "Write a checkpoint anew: another float type, other shards, all other files copied; or as an ONNX graph.");
        _ = new ConvertCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert convert all-MiniLM-L6-v2 --to minilm-half --type float16",
            "bert convert model --to model-shards --max-shard-size 50MB",
            "bert convert all-MiniLM-L6-v2 --to onnx --output minilm.onnx");
    }

    private int Run(ParseResult parsed)
    {
        bool onnx = parsed.GetValue(_to) == ToOnnx;
        Option[] others = onnx ? [_type, _shards] : [_output, _head];
        if (Array.Find(others, option => parsed.GetResult(option) is { Implicit: false }) is { } wrong)
        {
            throw CliException.Usage(onnx ? $"{wrong.Name} is for folders; an ONNX graph has float32 in one file." : $"{wrong.Name} is for --to onnx alone.");
        }

        Action<IProgress<double>> convert = onnx ? Graph(parsed) : Folder(parsed);
        ConsoleProgress.Run("converting", "", resultsOnTerminal: false, report => convert(new DirectProgress<double>(share => report(0, share))));
        return ExitCode.Success;
    }

    private Action<IProgress<double>> Folder(ParseResult parsed)
    {
        long most = ParseSize(parsed.GetValue(_shards)!);
        TensorTypes.TryParse(parsed.GetValue(_type)!, out TensorType type);
        return progress => CheckpointConverter.Convert(parsed.GetValue(_source)!, parsed.GetValue(_to)!, type, most, progress, _context.Cancellation);
    }

    private Action<IProgress<double>> Graph(ParseResult parsed)
    {
        string output = parsed.GetValue(_output) ?? throw CliException.Usage("--to onnx needs --output FILE, such as model.onnx (a folder of the name onnx is --to ./onnx).");
        if (Directory.Exists(output))
        {
            throw CliException.Usage($"--output {output} is a folder; give the name of a file.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(output))!;
        if (!Directory.Exists(folder))
        {
            throw CliException.Usage($"--output {output}: there is no folder {folder}; make it first.");
        }

        HeadKind? head = parsed.GetValue(_head) is { } name ? HeadNames.Parse(name) : null;
        return progress => OnnxModel.Write(parsed.GetValue(_source)!, output, head, progress, _context.Cancellation);
    }

    /// <summary>A size as Hugging Face writes it: a number with KB, MB, GB (powers of 1000) or KiB, MiB, GiB.</summary>
    internal static long ParseSize(string text)
    {
        (string Suffix, long Unit)[] units = [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("KB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1), ("", 1)];
        (string suffix, long unit) = units.First(pair => text.EndsWith(pair.Suffix, StringComparison.OrdinalIgnoreCase));
        return decimal.TryParse(text[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) && number * unit is >= 1 and <= long.MaxValue
            ? (long)(number * unit)
            : throw CliException.Usage($"--max-shard-size is '{text}'; expected a size such as 5GB or 500MB.");
    }
}
