using System.CommandLine;
using System.Globalization;
using BertSharp.Cli.Evaluate;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert evaluate -m MODEL --task TASK --data FILE</c>: the figures of a model on labelled examples.</summary>
internal sealed class EvaluateCommand
{
    private readonly Option<string> _model = CommonOptions.Model();
    private readonly Option<string> _task = new("--task") { Description = $"What is measured: {string.Join(", ", EvaluateTask.Names)}.", HelpName = "TASK", Required = true };
    private readonly Option<string> _data = new("--data", "-d") { Description = "The labelled examples: .jsonl, .tsv or .csv (perhaps with .gz), CoNLL for tokens, SQuAD's .json for answer, for retrieval a folder as BEIR has them, for mask a store of bert pretrain-data.", HelpName = "FILE", Required = true };
    private readonly Option<string?> _labels = new("--labels") { Description = "What the examples call the model's labels, in the order of their ids, with commas between; by default as the model does.", HelpName = "A,B,..." };
    private readonly Option<string?> _counted = new("--baseline") { Description = "For mask: the store of a text whose words are counted; what that alone would guess stands beside the model's figures.", HelpName = "STORE" };
    private readonly Option<int?> _threads = CommonOptions.Threads();
    private readonly Option<string?> _output = CommonOptions.Output();
    private readonly Option<string> _format = CommonOptions.Format(OutputFormat.Text, OutputFormat.Json);
    private readonly DataFileOptions _file;
    private readonly CommandContext _context;

    private EvaluateCommand(Command command, CommandContext context)
    {
        _context = context;
        _task.AcceptOnlyFromAmong(EvaluateTask.Names);
        foreach (Option option in (Option[])[_model, _task, _data, _labels, _counted])
        {
            command.Options.Add(option);
        }

        _file = new DataFileOptions(command);
        foreach (Option option in (Option[])[_threads, _format, _output])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("evaluate", "Measure a model on labelled examples.");
        _ = new EvaluateCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert evaluate -m textattack/bert-base-uncased-SST-2 --task classify --data reviews.tsv --columns text=sentence --labels 0,1",
            "bert evaluate -m minilm-wnut17 --task tokens --data names.conll",
            "bert evaluate -m minilm-squad --task answer --data answers.jsonl --format json",
            "bert evaluate -m all-MiniLM-L6-v2 --task embed --data pairs.csv --header no --columns sentence1=2,sentence2=3,score=1");
    }

    private int Run(ParseResult parsed)
    {
        CommonOptions.UseThreads(parsed.GetValue(_threads));
        string model = parsed.GetValue(_model)!, task = parsed.GetValue(_task)!, data = parsed.GetValue(_data)!;
        string[] labels = parsed.GetValue(_labels)?.Split(',') ?? [];
        bool onTerminal = parsed.GetValue(_output) is null && !Console.IsOutputRedirected;
        EvaluateResult result = new EvaluateTask(model, data, _file.Of(parsed), labels, parsed.GetValue(_counted), onTerminal, _context.Cancellation).Run(task);
        using ResultWriter results = _context.OpenResults(parsed.GetValue(_output), parsed.GetValue(_format)!);
        if (results.IsJson)
        {
            results.WriteDocument(json =>
            {
                json.WriteString("model", model);
                json.WriteString("task", task);
                json.WriteString("data", data);
                json.WriteNumber("examples", result.Examples);
                json.WriteStartObject("figures");
                foreach ((string name, double value) in result.Figures)
                {
                    json.WriteFinite(name, value);
                }

                json.WriteEndObject();
            });
            return ExitCode.Success;
        }

        TextTable table = new("figure", "#value");
        table.Add("examples", TextTable.Grouped(result.Examples));
        foreach ((string name, double value) in result.Figures)
        {
            table.Add(name, double.IsInteger(value) && value > 1 ? TextTable.Grouped((long)value) : value.ToString("F4", CultureInfo.InvariantCulture));
        }

        foreach (string line in table.Lines(OutputFormat.Table))
        {
            results.WriteLine(line);
        }

        return ExitCode.Success;
    }
}
