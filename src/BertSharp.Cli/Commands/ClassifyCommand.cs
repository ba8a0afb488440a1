using System.CommandLine;
using BertSharp.Cli.Input;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert classify</c>: the labels of each text or pair.</summary>
internal sealed class ClassifyCommand
{
    private readonly Option<string?> _pair = new("--pair") { Description = "The second text of a pair with each text argument.", HelpName = "TEXT" };
    private readonly Option<int?> _topK = CommonOptions.Number("--top-k", "Only the N best labels; all by default.", 1);
    private readonly Option<bool> _raw = CommonOptions.Raw();
    private readonly StreamOptions _stream;

    private ClassifyCommand(Command command, CommandContext context)
    {
        _stream = new StreamOptions(command, context, InputFields.TextOrPair, StreamOptions.AllFormats);
        foreach (Option option in (Option[])[_pair, _topK, _raw])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("classify", "Label texts, or pairs of them, with a sequence classifier; the best label first.");
        _ = new ClassifyCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert classify -m textattack/bert-base-uncased-SST-2 \"A lovely film.\"",
            "bert classify -m textattack/bert-base-uncased-SST-2 --input texts.jsonl --top-k 1 --format jsonl",
            "bert classify -m typeform/distilbert-base-uncased-mnli \"A man is eating food.\" --pair \"Someone eats.\" --raw",
            "bert classify -m textattack/bert-base-uncased-SST-2 --input texts.csv --column title --format html --output labels.html",
            "cat texts.txt | bert classify -m textattack/bert-base-uncased-SST-2 --format csv");
    }

    private int Run(ParseResult parsed)
    {
        ClassifyOptions options = new() { TopK = parsed.GetValue(_topK), Function = parsed.GetValue(_raw) ? ScoreFunction.None : null };
        using TextSource source = _stream.Input.Open(parsed, parsed.GetValue(_pair));
        using TextClassifier classifier = _stream.Load(parsed, path => TextClassifier.Load(path));
        TruncationWarning cut = new(classifier.MaxTokens, "split longer texts, the model takes no more");
        _stream.Run(parsed, source, "classifying", new LabelsView(pairs: true), (records, cancellation) => Classify(classifier, records, options, cut, cancellation));
        cut.Say();
        return ExitCode.Success;
    }

    /// <summary>Single texts and pairs are encoded apart and answered in the order of the input.</summary>
    private static LabeledText[] Classify(TextClassifier classifier, List<InputRecord> records, ClassifyOptions options, TruncationWarning cut, CancellationToken cancellation)
    {
        LabeledText[] results = new LabeledText[records.Count];
        foreach (IGrouping<bool, int> places in Enumerable.Range(0, records.Count).GroupBy(i => records[i].Pair is null))
        {
            TokenBatch batch = places.Key
                ? classifier.Encode([.. places.Select(i => records[i].Text)])
                : classifier.Encode([.. places.Select(i => (records[i].Text, records[i].Pair!))]);
            IReadOnlyList<IReadOnlyList<ClassLabel>> labels = classifier.Classify(batch, options, cancellation: cancellation);
            foreach ((int at, int i) in places.Index())
            {
                results[i] = new LabeledText(records[i].Text, records[i].Pair, labels[at], batch.Truncated(at));
            }
        }

        cut.CountAll(records, i => results[i].Truncated);
        return results;
    }
}
