using System.CommandLine;
using BertSharp.Cli.Input;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert zero-shot</c>: labels of the caller's own, by a model for natural language inference.</summary>
internal sealed class ZeroShotCommand
{
    private readonly Option<string> _labels = new("--labels") { Description = "The labels to choose from, with commas between.", HelpName = "A,B", Required = true };
    private readonly Option<string?> _template = new("--template") { Description = $"What is asked of a text, {{}} being the label; \"{ZeroShotOptions.Default.Template}\" by default.", HelpName = "TEXT" };
    private readonly Option<bool> _multiLabel = new("--multi-label") { Description = "Judge each label by itself; else the scores of a text add up to 1." };
    private readonly Option<int?> _topK = CommonOptions.Number("--top-k", "Only the N best labels; all by default.", 1);
    private readonly StreamOptions _stream;

    private ZeroShotCommand(Command command, CommandContext context)
    {
        _stream = new StreamOptions(command, context, InputFields.Single, StreamOptions.AllFormats);
        foreach (Option option in (Option[])[_labels, _template, _multiLabel, _topK])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("zero-shot", "Label texts with labels of your own, by a model for natural language inference.");
        _ = new ZeroShotCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert zero-shot -m typeform/distilbert-base-uncased-mnli --labels food,travel,sport \"A man is eating food.\"",
            "bert zero-shot -m typeform/distilbert-base-uncased-mnli --labels food,travel --multi-label --input texts.jsonl --format jsonl",
            "bert zero-shot -m typeform/distilbert-base-uncased-mnli --labels \"food,animals\" --template \"This text is about {}.\" --input texts.txt --top-k 1");
    }

    private int Run(ParseResult parsed)
    {
        string[] labels = parsed.GetValue(_labels)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        ZeroShotOptions options = new() { MultiLabel = parsed.GetValue(_multiLabel) };
        options = parsed.GetValue(_template) is { } template ? options with { Template = template } : options;
        if (labels.Length == 0 || !options.Template.Contains("{}", StringComparison.Ordinal))
        {
            throw CliException.Usage(labels.Length == 0 ? "--labels names no label; give them with commas between." : "--template has no {}, where the label goes.");
        }

        using TextSource source = _stream.Input.Open(parsed);
        using ZeroShotClassifier classifier = _stream.Load(parsed, path => ZeroShotClassifier.Load(path));
        if (!classifier.HasEntailmentLabel)
        {
            CommandContext.Warn($"no label of the model begins with \"entail\"; the last one, {classifier.Config.Id2Label[^1]}, is taken for it. Use a model for natural language inference, or name its labels in config.json");
        }

        TruncationWarning cut = new(classifier.MaxTokens, "split longer texts, the model takes no more");
        _stream.Run(parsed, source, "classifying", new LabelsView(pairs: false), (records, cancellation) =>
        {
            TokenBatch batch = classifier.Encode([.. records.Select(record => record.Text)], labels, options);
            IReadOnlyList<IReadOnlyList<ClassLabel>> found = classifier.Classify(batch, labels, options, cancellation: cancellation);

            // A text is cut for one label and not for another where their lengths differ.
            bool[] truncated = [.. Enumerable.Range(0, batch.Count).Select(batch.Truncated).Chunk(labels.Length).Select(cuts => cuts.Contains(true))];
            cut.CountAll(records, i => truncated[i]);
            return [.. records.Select((record, i) => new LabeledText(record.Text, null, [.. found[i].Take(parsed.GetValue(_topK) ?? int.MaxValue)], truncated[i]))];
        });
        cut.Say();
        return ExitCode.Success;
    }
}
