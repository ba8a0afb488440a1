using System.CommandLine;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert merge-lora -m MODEL --adapter DIR --output DIR</c>: a model with its LoRA adapter in its own weights.</summary>
internal sealed class MergeLoraCommand
{
    private readonly Option<string> _model = CommonOptions.Model();
    private readonly Option<string> _adapter = new("--adapter", "-a") { Description = "The folder with adapter_config.json and adapter_model.safetensors, as PEFT and bert train --lora write them.", HelpName = "DIR", Required = true };
    private readonly Option<string> _output = new("--output", "-o") { Description = "The folder to write; it must not exist yet, or be empty.", HelpName = "DIR", Required = true };
    private readonly Option<string?> _labels = new("--labels") { Description = "The names of a classifier's labels, with commas between: an adapter does not store them.", HelpName = "A,B,..." };
    private readonly CommandContext _context;

    private MergeLoraCommand(Command command, CommandContext context)
    {
        _context = context;
        foreach (Option option in (Option[])[_model, _adapter, _output, _labels])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("merge-lora", "Merge a LoRA adapter into its model, which then loads as any other.");
        _ = new MergeLoraCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert merge-lora -m google/bert_uncased_L-4_H-256_A-4 --adapter my-adapter --output merged");
    }

    private int Run(ParseResult parsed)
    {
        ConsoleProgress.Run("merging", "", resultsOnTerminal: false, report => LoraCheckpoint.Merge(
            parsed.GetValue(_model)!, parsed.GetValue(_adapter)!, parsed.GetValue(_output)!, parsed.GetValue(_labels)?.Split(','), new DirectProgress<double>(share => report(0, share)), _context.Cancellation));
        return ExitCode.Success;
    }
}
