using System.CommandLine;
using BertSharp.Cli.Input;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert answer</c>: where in its context each question is answered.</summary>
internal sealed class AnswerCommand
{
    private static readonly InputFields Fields = new("question", "context", PairRequired: true);

    private readonly Option<int?> _topK = CommonOptions.Number("--top-k", "The N best answers to each question; 1 by default.", 1);
    private readonly Option<int?> _maxAnswer = CommonOptions.Number("--max-answer-tokens", $"The most tokens of an answer; {AnswerOptions.Default.MaxAnswerLength} by default.", 1);
    private readonly Option<bool> _noAnswer = new("--no-answer") { Description = "Let \"no answer\" compete with the answers, for models of SQuAD 2.0." };
    private readonly Option<int?> _maxTokens = CommonOptions.Number("--max-tokens", "The tokens of a window: question and a part of the context; 384 by default, or what the model takes.", 4);
    private readonly Option<int?> _stride = CommonOptions.Number("--stride", "The tokens of a long context that two windows share; 128 by default, or half a window.", 0);
    private readonly StreamOptions _stream;

    private AnswerCommand(Command command, CommandContext context)
    {
        _stream = new StreamOptions(command, context, Fields, StreamOptions.AllFormats);
        foreach (Option option in (Option[])[_topK, _maxAnswer, _noAnswer, _maxTokens, _stride])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("answer", "Find the answer to a question in its context; give both, or lines with both.");
        _ = new AnswerCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert answer -m minilm-squad \"Where did Ada live?\" \"Ada Lovelace lived in London.\"",
            "bert answer -m minilm-squad --top-k 3 --max-answer-tokens 5 \"Where did Ada live?\" \"Ada Lovelace lived in London.\"",
            "bert answer -m minilm-squad --input questions.jsonl --no-answer --format jsonl",
            "bert answer -m minilm-squad --input questions.csv --pair-column paragraph --format html --output answers.html");
    }

    private int Run(ParseResult parsed)
    {
        AnswerOptions options = new()
        {
            MaxLength = parsed.GetValue(_maxTokens),
            Stride = parsed.GetValue(_stride),
            MaxAnswerLength = parsed.GetValue(_maxAnswer) ?? AnswerOptions.Default.MaxAnswerLength,
            AllowNoAnswer = parsed.GetValue(_noAnswer),
        };
        int topK = parsed.GetValue(_topK) ?? 1;
        QuestionAnswerer? answerer = null;
        using TextSource source = _stream.Input.Open(parsed, check: record => answerer!.ProblemOf(record.Text, record.Pair!, options));
        using (answerer = _stream.Load(parsed, path => QuestionAnswerer.Load(path)))
        {
            CommonOptions.RequireAtMost(answerer.MaxTokens, options.MaxLength, _maxTokens);
            _stream.Run(parsed, source, "answering", new AnswersView(topK), (records, cancellation) => Answer(answerer, records, topK, options, cancellation));
        }

        return ExitCode.Success;
    }

    private static FoundAnswers[] Answer(QuestionAnswerer answerer, List<InputRecord> records, int topK, AnswerOptions options, CancellationToken cancellation) =>
        [.. records.Zip(
            answerer.Answers([.. records.Select(record => (record.Text, record.Pair!))], topK, options, cancellation: cancellation),
            (record, answers) => new FoundAnswers(record.Text, record.Pair!, answers))];
}
