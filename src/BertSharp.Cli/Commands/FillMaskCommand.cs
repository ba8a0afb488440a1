using System.CommandLine;
using BertSharp.Cli.Input;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert fill-mask</c>: the words behind the masks of each text.</summary>
internal sealed class FillMaskCommand
{
    private readonly Option<int?> _topK = CommonOptions.Number("--top-k", $"The N best guesses for each mask; {FillOptions.Default.TopK} by default.", 1);
    private readonly Option<string?> _targets = new("--targets") { Description = "Only these words, with commas between; their scores stay shares of the whole vocabulary.", HelpName = "A,B" };
    private readonly StreamOptions _stream;

    private FillMaskCommand(Command command, CommandContext context)
    {
        _stream = new StreamOptions(command, context, InputFields.Single, StreamOptions.AllFormats) { Default = DefaultModel.Masks };
        command.Options.Add(_topK);
        command.Options.Add(_targets);
        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("fill-mask", "Guess the words behind the masks of texts, [MASK] in most models.");
        _ = new FillMaskCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert fill-mask -m google/bert_uncased_L-4_H-256_A-4 \"The capital of France is [MASK].\"",
            "bert fill-mask -m google/bert_uncased_L-4_H-256_A-4 --targets he,she --format json \"[MASK] is a doctor.\"",
            "bert fill-mask -m google/bert_uncased_L-4_H-256_A-4 --input masks.txt --top-k 3 --format jsonl",
            "bert fill-mask -m google/bert_uncased_L-4_H-256_A-4 --input masks.txt --skip-bad --format csv");
    }

    private int Run(ParseResult parsed)
    {
        FillOptions options = new()
        {
            TopK = parsed.GetValue(_topK) ?? FillOptions.Default.TopK,
            Targets = parsed.GetValue(_targets)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        };
        MaskFiller? filler = null;
        using TextSource source = _stream.Input.Open(parsed, check: record => filler!.ProblemOf(record.Text));
        using (filler = _stream.Load(parsed, path => MaskFiller.Load(path)))
        {
            CheckTargets(filler, options.Targets);
            TruncationWarning cut = new(filler.MaxTokens, "the model takes no more");
            _stream.Run(parsed, source, "guessing", new GuessesView(), (records, cancellation) =>
            {
                TokenBatch batch = filler.Encode([.. records.Select(record => record.Text)]);
                IReadOnlyList<FilledText> filled = filler.Fill(batch, options, cancellation: cancellation);
                cut.CountAll(records, batch.Truncated);
                return [.. records.Select((record, i) => new GuessedText(record.Text, filled[i], batch.Truncated(i)))];
            });
            cut.Say();
        }

        return ExitCode.Success;
    }

    private static void CheckTargets(MaskFiller filler, IReadOnlyList<string>? targets)
    {
        if (targets is not null && !targets.Any(target => filler.TargetId(target) is not null))
        {
            throw CliException.Usage("--targets names no word that has a token; give words with commas between.");
        }

        foreach (string target in (targets ?? []).Where(target => filler.Tokenizer.IdOf(target) is null))
        {
            CommandContext.Warn(filler.TargetId(target) is { } id
                ? $"the target '{target}' is no single token of the model; its first piece '{filler.Tokenizer.TokenOf(id)}' stands for it"
                : $"the target '{target}' has no token and is left out");
        }
    }
}
