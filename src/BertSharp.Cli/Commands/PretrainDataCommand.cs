using System.CommandLine;
using System.Globalization;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert pretrain-data</c>: text files into a store of examples, tokenized once, that pretraining reads by position.</summary>
internal sealed class PretrainDataCommand
{
    private readonly Argument<string[]> _files = new("files") { Description = "Text files in UTF-8.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _model = CommonOptions.Model();
    private readonly Option<string> _out = new("--out") { Description = "The store to write; the folder must not exist yet.", HelpName = "DIR", Required = true };
    private readonly Option<int?> _length = CommonOptions.Number("--length", "S, the most tokens of an example; 128 by default.", 8, ushort.MaxValue);
    private readonly Option<string> _layout = new("--layout") { Description = "sentences: one a line, an empty line between documents. prose: running text, an empty line between paragraphs, two between documents.", DefaultValueFactory = _ => Layouts[0], HelpName = "LAYOUT" };
    private readonly Option<bool> _pairs = new("--next-sentence") { Description = "Pairs for next-sentence prediction, instead of whole sentences end to end." };
    private readonly Option<double> _short = new("--short") { Description = "The share of shorter examples: pairs of a random length, or one or two sentences alone.", DefaultValueFactory = _ => new ExampleOptions().ShortShare, HelpName = "SHARE" };
    private readonly Option<int?> _duplicates = CommonOptions.Number("--duplicates", "With --next-sentence: how often pairs are drawn from the texts; 1 by default.", 1);
    private readonly Option<int?> _seed = CommonOptions.Number("--seed", "The number that random choices come from; 0 by default.", 0);
    private readonly Option<int?> _threads = CommonOptions.Threads();
    private readonly CommandContext _context;

    private PretrainDataCommand(Command command, CommandContext context)
    {
        _context = context;
        _layout.AcceptOnlyFromAmong(Layouts);
        command.Arguments.Add(_files);
        foreach (Option option in (Option[])[_model, _out, _length, _layout, _pairs, _short, _duplicates, _seed, _threads])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
    }

    private static string[] Layouts { get; } = ["sentences", "prose"];

    public static Command Create(CommandContext context)
    {
        Command command = new("pretrain-data", "Make examples of pretraining from texts.");
        _ = new PretrainDataCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert pretrain-data novels/*.txt --layout prose -m bert-base-uncased --out novels-128",
            "bert pretrain-data articles.txt --next-sentence --duplicates 5 --length 512 -m bert-base-uncased --out pairs-512");
    }

    private int Run(ParseResult parsed)
    {
        CommonOptions.UseThreads(parsed.GetValue(_threads));
        ExampleOptions options = new();
        options = options with
        {
            Length = parsed.GetValue(_length) ?? options.Length,
            Layout = (TextLayout)Array.IndexOf(Layouts, parsed.GetValue(_layout)),
            NextSentence = parsed.GetValue(_pairs),
            ShortShare = parsed.GetValue(_short),
            Duplicates = parsed.GetValue(_duplicates) ?? options.Duplicates,
            Seed = (ulong)(parsed.GetValue(_seed) ?? 0),
        };
        string model = parsed.GetValue(_model)!;
        BertTokenizer tokenizer = BertTokenizer.Load(File.Exists(model) ? model : ModelFolder.Resolve(model));
        long examples = 0;
        ConsoleProgress.Run("making examples", "", resultsOnTerminal: false, report =>
            examples = PretrainingExamples.Write(parsed.GetValue(_files)!, tokenizer, parsed.GetValue(_out)!, options, new DirectProgress<double>(share => report(0, share)), _context.Cancellation));
        using ResultWriter results = _context.OpenResults(null, OutputFormat.Text);
        results.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{examples} examples in {parsed.GetValue(_out)}"));
        return ExitCode.Success;
    }
}
