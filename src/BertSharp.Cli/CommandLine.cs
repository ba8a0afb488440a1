using System.CommandLine;
using System.CommandLine.Invocation;
using BertSharp.Cli.Commands;

namespace BertSharp.Cli;

/// <summary>From arguments to an exit code: parses, runs one verb, and turns every error into one line on standard error.</summary>
internal static class CommandLine
{
    // Broken pipe: the reader of our output has what it wanted.
    private const int EPipe = 32;

    // A text such as "@home" is a text, not the name of a file with further arguments.
    private static readonly ParserConfiguration ParserConfiguration = new() { ResponseFileTokenReplacer = null };

    public static int Run(string[] args)
    {
        using CommandContext context = new();
        try
        {
            ParseResult parsed = Build(context).Parse(args, ParserConfiguration);
            if (parsed.Action is ParseErrorAction)
            {
                // An unknown verb makes all that follows it unknown too.
                string problem = parsed.CommandResult.Command is RootCommand && parsed.UnmatchedTokens is [string verb, ..]
                    ? $"There is no command '{verb}'."
                    : parsed.Errors[0].Message;
                throw CliException.Usage($"{problem} See `{Path(parsed)} --help`.");
            }

            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception error)
        {
            return Report(error);
        }
    }

    private static RootCommand Build(CommandContext context)
    {
        RootCommand root = new("BERT for .NET: parameters, tokenizer, embeddings, search, labels, masks, rankings, entities, answers, training, checkpoints and speed.")
        {
            ParamsCommand.Create(context),
            DiffCommand.Create(context),
            TokenizeCommand.Create(context),
            EmbedCommand.Create(context),
            SimilarityCommand.Create(context),
            IndexCommand.Create(context),
            SearchCommand.Create(context),
            FillMaskCommand.Create(context),
            ScoreCommand.Create(context),
            ClassifyCommand.Create(context),
            ZeroShotCommand.Create(context),
            RerankCommand.Create(context),
            NerCommand.Create(context),
            AnswerCommand.Create(context),
            EvaluateCommand.Create(context),
            ConvertCommand.Create(context),
            MergeLoraCommand.Create(context),
            QuantizeCommand.Create(context),
            DownloadCommand.Create(context),
            TrainVocabCommand.Create(context),
            PretrainDataCommand.Create(context),
            PretrainCommand.Create(context),
            TrainCommand.Create(context),
            BenchCommand.Create(context),
        };
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        return root;
    }

    private static string Path(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "bert" : $"bert {parsed.CommandResult.Command.Name}";

    private static int Report(Exception error)
    {
        if (error is TypeInitializationException { InnerException: { } cause })
        {
            error = cause; // A static that reads the environment: its own message says what to do.
        }

        if (Environment.GetEnvironmentVariable("BERT_DEBUG") == "1")
        {
            Console.Error.WriteLine(error);
        }

        switch (error)
        {
            case OperationCanceledException:
                return ExitCode.Interrupted;
            case IOException { HResult: EPipe }:
                return ExitCode.Success;
            case CliException known:
                return Say(known.Message, known.ExitCode);
            case ArgumentException argument:
                // A person who typed a command does not know the parameter of a method.
                return Say(argument.Message.Replace($" (Parameter '{argument.ParamName}')", "", StringComparison.Ordinal), ExitCode.Failure);
            case CheckpointException or TokenizerException or DataFileException or IOException or UnauthorizedAccessException
                or InvalidDataException or PlatformNotSupportedException or NotSupportedException or NotFiniteNumberException:
                return Say(error.Message, ExitCode.Failure);
            case OutOfMemoryException or OverflowException:
                return Say($"not enough memory for this: {error.Message}", ExitCode.Failure);
            default:
                return Say($"internal error, please report it with the output of BERT_DEBUG=1: {error.GetType().Name}: {error.Message}", ExitCode.Failure);
        }
    }

    private static int Say(string message, int exitCode)
    {
        Console.Error.WriteLine($"bert: {message.ReplaceLineEndings(" ")}");
        return exitCode;
    }
}
