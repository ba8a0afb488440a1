using System.CommandLine;
using BertSharp.Cli.Input;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert score</c>: how well each text fits the language, by pseudo-perplexity.</summary>
internal sealed class ScoreCommand
{
    private readonly StreamOptions _stream;

    private ScoreCommand(Command command, CommandContext context)
    {
        _stream = new StreamOptions(command, context, InputFields.Single, StreamOptions.AllFormats);
        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("score", "Score how well texts fit the language: each word is masked in turn, and its probability counts; a lower perplexity is better.");
        _ = new ScoreCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert score -m google/bert_uncased_L-4_H-256_A-4 \"The cat sat on the mat.\" \"Mat the on sat cat the.\"",
            "bert score -m google/bert_uncased_L-4_H-256_A-4 --input texts.jsonl --format jsonl");
    }

    private int Run(ParseResult parsed)
    {
        using TextSource source = _stream.Input.Open(parsed);
        using SentenceScorer scorer = _stream.Load(parsed, path => SentenceScorer.Load(path));
        TruncationWarning cut = new(scorer.MaxTokens, "split longer texts, the model takes no more");
        _stream.Run(parsed, source, "scoring", new SentenceScoreView(), (records, cancellation) =>
        {
            TokenBatch batch = scorer.Encode([.. records.Select(record => record.Text)]);
            IReadOnlyList<SentenceScore> scores = scorer.Score(batch, cancellation: cancellation);
            cut.CountAll(records, batch.Truncated);
            return [.. records.Select((record, i) => new ScoredText(record.Text, scores[i], batch.Truncated(i)))];
        });
        cut.Say();
        return ExitCode.Success;
    }
}
