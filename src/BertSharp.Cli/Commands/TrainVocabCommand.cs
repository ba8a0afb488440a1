using System.CommandLine;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert train-vocab</c>: a WordPiece vocabulary from text files, as a folder that every verb takes as a tokenizer.</summary>
internal sealed class TrainVocabCommand
{
    private readonly Argument<string[]> _files = new("files") { Description = "Text files in UTF-8.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int?> _size = CommonOptions.Number("--size", "V, the most tokens: special ones, characters and pieces; 30522 by default.", 6);
    private readonly Option<bool> _cased = new("--cased") { Description = "Keep capitals and accents." };
    private readonly Option<int?> _frequency = CommonOptions.Number("--min-frequency", "Make no piece that occurs less often; 2 by default.", 1);
    private readonly Option<int?> _alphabet = CommonOptions.Number("--limit-alphabet", "Most characters; words with a rarer one are [UNK]. 1000 by default.", 1);
    private readonly Option<string> _out = new("--out") { Description = "The folder to write vocab.txt, tokenizer.json and tokenizer_config.json to.", HelpName = "DIR", Required = true };
    private readonly Option<int?> _threads = CommonOptions.Threads();
    private readonly CommandContext _context;

    private TrainVocabCommand(Command command, CommandContext context)
    {
        _context = context;
        command.Arguments.Add(_files);
        foreach (Option option in (Option[])[_size, _cased, _frequency, _alphabet, _out, _threads])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("train-vocab", "Train a WordPiece vocabulary on texts.");
        _ = new TrainVocabCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert train-vocab novels/*.txt --size 10240 --out my-bert",
            "bert train-vocab articles.txt --cased --limit-alphabet 6000 --out my-cased-bert");
    }

    private int Run(ParseResult parsed)
    {
        CommonOptions.UseThreads(parsed.GetValue(_threads));
        VocabularyOptions options = new();
        options = options with
        {
            Size = parsed.GetValue(_size) ?? options.Size,
            Lowercase = !parsed.GetValue(_cased),
            MinimumFrequency = parsed.GetValue(_frequency) ?? options.MinimumFrequency,
            AlphabetLimit = parsed.GetValue(_alphabet) ?? options.AlphabetLimit,
        };
        ConsoleProgress.Run("training the vocabulary", "", resultsOnTerminal: false, report =>
        {
            (BertTokenizer tokenizer, int omitted) = VocabularyTrainer.Train(
                parsed.GetValue(_files)!, options, new DirectProgress<double>(share => report(0, share)), _context.Cancellation);
            if (omitted > 0)
            {
                CommandContext.Warn($"the {omitted} rarest characters are not in the alphabet, words with them are [UNK]; raise --limit-alphabet to keep them.");
            }

            if (tokenizer.VocabSize < options.Size)
            {
                CommandContext.Warn($"the text gives {tokenizer.VocabSize} tokens, not {options.Size}; give more text, or lower --min-frequency.");
            }

            tokenizer.Save(parsed.GetValue(_out)!);
        });
        return ExitCode.Success;
    }
}
