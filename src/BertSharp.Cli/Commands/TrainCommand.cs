using System.CommandLine;
using System.Globalization;
using BertSharp.Cli.Output;
using BertSharp.Cli.Train;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert train</c>: a pretrained model for a task, from labelled examples.</summary>
internal sealed class TrainCommand
{
    private static readonly string[] Tasks = ["classify", "tokens", "answer", "choice", "rerank", "embed"];

    private readonly Option<string> _model = CommonOptions.Model();
    private readonly Option<string> _task = new("--task") { Description = $"What is learned: {string.Join(", ", Tasks)}.", HelpName = "TASK", Required = true };
    private readonly Option<string[]> _data = new("--data", "-d") { Description = "The labelled examples: .jsonl, .tsv or .csv (perhaps with .gz), CoNLL for tokens, SQuAD's .json for answer; embed takes several files, of plain text with --loss distill.", HelpName = "FILE", Required = true, AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _validate = new("--validate") { Description = "Other examples, by which the best model is chosen; without them the last is kept.", HelpName = "FILE" };
    private readonly Option<string?> _labels = new("--labels") { Description = "The labels in the order of their ids, with commas between; by default as they are first seen.", HelpName = "A,B,..." };
    private readonly Option<bool> _multiLabel = new("--multi-label") { Description = "classify: an example may have several labels, or none." };
    private readonly Option<bool> _regression = new("--regression") { Description = "classify: the label is a number." };
    private readonly Option<int?> _maxLength = CommonOptions.Number("--max-length", "Most tokens of a sequence; the model's limit by default, of answers at most 384.", 8);
    private readonly Option<int?> _docStride = CommonOptions.Number("--doc-stride", "answer: tokens of a long context that two windows share; 128 by default.", 1);
    private readonly Option<int?> _batch = CommonOptions.Number("--batch", "Examples of an update; 32 by default.", 1);
    private readonly Option<string?> _lora = LoraOption.Create();
    private readonly Option<bool> _randomWeights = new("--random-weights") { Description = "Begin with random weights of the model's shape: what the same training learns without pretraining." };
    private readonly Option<string?> _metric = new("--metric") { Description = "The figure that decides which model is best, such as accuracy, f1 or matthews; the task's own by default.", HelpName = "NAME" };
    private readonly Option<string?> _rates = new("--learning-rates") { Description = "A run for each of several learning rates, each in a folder of its own, and a table of all.", HelpName = "X,Y,..." };
    private readonly Option<string?> _seeds = new("--seeds") { Description = "A run for each of several seeds; with --learning-rates for each pair.", HelpName = "N,M,..." };
    private readonly Option<string> _format = CommonOptions.Format(OutputFormat.Text, OutputFormat.Json);
    private readonly EmbedTraining _embed = new();
    private readonly TrainingOptionSet _training = new(new TrainingOptions { Folder = "", Warmup = 0.1 });
    private readonly DataFileOptions _file;
    private readonly CommandContext _context;

    /// <summary>The options that mean nothing to embed.</summary>
    private Option[] Labelled => [_labels, _multiLabel, _regression, _maxLength, _docStride, _randomWeights, _metric];

    private TrainCommand(Command command, CommandContext context)
    {
        _context = context;
        _task.AcceptOnlyFromAmong(Tasks);
        foreach (Option option in (Option[])[_model, _task, _data, _validate, _batch, _lora, .. Labelled, .. _embed.All])
        {
            command.Options.Add(option);
        }

        _file = new DataFileOptions(command);
        foreach (Option option in (Option[])[.. _training.All, _rates, _seeds, _format])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("train", "Fine-tune a model for a task on labelled examples.");
        _ = new TrainCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert train -m google/bert_uncased_L-4_H-256_A-4 --task classify --data reviews.tsv --validate reviews.tsv --columns text=sentence --out sentiment",
            "bert train -m google/bert_uncased_L-4_H-256_A-4 --task tokens --data names.conll --freeze \"bert.embeddings.*\" --epochs 8 --out names",
            "bert train -m google/bert_uncased_L-4_H-256_A-4 --task classify --data reviews.tsv --columns text=sentence --lora r=4,alpha=8,dropout=0.1,targets=query,value --learning-rate 1e-3 --out sentiment-lora",
            "bert train -m google/bert_uncased_L-4_H-256_A-4 --task answer --data answers.jsonl --validate answers.jsonl --max-length 64 --doc-stride 16 --out reader",
            "bert train -m google/bert_uncased_L-4_H-256_A-4 --task embed --loss cosent --data pairs.csv --header no --columns score=1,sentence1=2,sentence2=3 --out near",
            "bert train -m google/bert_uncased_L-4_H-256_A-4 --task classify --data pairs.csv --validate pairs.csv --header no --columns label=1,text=2,text_pair=3 --regression --learning-rates 2e-5,5e-5 --seeds 1,2 --out similar");
    }

    private int Run(ParseResult parsed)
    {
        TrainingOptions training = _training.Of(parsed);
        string model = parsed.GetValue(_model)!, task = parsed.GetValue(_task)!;
        if ((task == "embed" ? Labelled : _embed.All).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } foreign)
        {
            throw CliException.Usage($"{foreign.Name} means nothing to --task {task}; leave it out.");
        }

        LoraConfig? lora = parsed.GetValue(_lora) is { } settings ? LoraOption.Parse(settings) : null;
        Func<TrainingOptions, IProgress<TrainingProgress>, TrainingResult> train;
        if (task == "embed")
        {
            EmbeddingTrainingOptions options = _embed.Of(parsed, parsed.GetValue(_data)!, parsed.GetValue(_validate), _file.Of(parsed), parsed.GetValue(_batch), lora);
            train = (one, progress) => EmbeddingTraining.Run(model, options, one, progress, _context.Cancellation);
        }
        else
        {
            FineTuningOptions options = OptionsOf(parsed, lora);
            train = (one, progress) => FineTuning.Run(model, options, one, progress, _context.Cancellation);
        }

        bool isSweep = parsed.GetValue(_rates) is not null || parsed.GetValue(_seeds) is not null;
        if (!isSweep && parsed.GetValue(_format) == OutputFormat.Text)
        {
            return TrainingView.Run("training", _context, progress => train(training, progress));
        }

        Sweep sweep = new(training, isSweep, List(parsed, _rates, training.LearningRate, Rate), List(parsed, _seeds, training.Seed, Seed));
        sweep.Run(_context, train);
        using ResultWriter results = _context.OpenResults(null, parsed.GetValue(_format)!);
        sweep.Write(results);
        return sweep.IsCancelled ? ExitCode.Interrupted : ExitCode.Success;
    }

    private FineTuningOptions OptionsOf(ParseResult parsed, LoraConfig? lora) => new()
    {
        Task = TaskOf(parsed),
        Data = parsed.GetValue(_data) is [string data] ? data : throw CliException.Usage("--data takes one file; several only with --task embed."),
        Validation = parsed.GetValue(_validate),
        Format = _file.Of(parsed),
        Labels = parsed.GetValue(_labels)?.Split(','),
        MaxLength = parsed.GetValue(_maxLength),
        DocStride = parsed.GetValue(_docStride),
        BatchSize = parsed.GetValue(_batch) ?? 32,
        Lora = lora,
        RandomWeights = parsed.GetValue(_randomWeights),
        Metric = parsed.GetValue(_metric),
    };

    private FineTuningTask TaskOf(ParseResult parsed)
    {
        (string task, bool several, bool number) = (parsed.GetValue(_task)!, parsed.GetValue(_multiLabel), parsed.GetValue(_regression));
        if ((several || number) && (task != "classify" || several == number))
        {
            throw CliException.Usage("--multi-label and --regression say what --task classify learns; give one of the two there, and none with other tasks.");
        }

        return task switch
        {
            "tokens" => FineTuningTask.Tokens,
            "answer" => FineTuningTask.Answer,
            "choice" => FineTuningTask.Choice,
            "rerank" => FineTuningTask.Rerank,
            _ => several ? FineTuningTask.MultiLabel : number ? FineTuningTask.Regression : FineTuningTask.Classify,
        };
    }

    private static T[] List<T>(ParseResult parsed, Option<string?> option, T one, Func<string, T?> parse)
        where T : struct =>
        parsed.GetValue(option) is not { } list ? [one] : [.. list.Split(',').Select(part =>
            parse(part) ?? throw CliException.Usage($"{option.Name} has '{part}'; expected numbers with commas between."))];

    private static double? Rate(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate) && rate > 0 && double.IsFinite(rate) ? rate : null;

    private static ulong? Seed(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed : null;
}
