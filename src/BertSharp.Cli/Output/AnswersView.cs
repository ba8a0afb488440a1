using System.Globalization;
using System.Text.Json;
using BertSharp.Cli.Commands;

namespace BertSharp.Cli.Output;

/// <summary>The answers to a question: a list, and marked in the context where that can be seen.</summary>
/// <param name="topK">The most answers to a question.</param>
internal sealed class AnswersView(int topK) : ResultView<FoundAnswers>
{
    public override IReadOnlyList<string> Columns => ["question", "text", "score", "start", "end"];

    public override IEnumerable<string[]> Rows(FoundAnswers result) => result.Answers.Select(answer => (string[])[
        result.Question, answer.Text, answer.Score.ToString("R", CultureInfo.InvariantCulture),
        answer.Start.ToString(CultureInfo.InvariantCulture), answer.End.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>
    /// Score and text of each answer. One answer a question is one line; several end with an empty line, as does what a
    /// terminal shows: the context first.
    /// </summary>
    public override IEnumerable<string> Lines(FoundAnswers result, Terminal terminal)
    {
        IEnumerable<Answer> answers = result.Answers.DefaultIfEmpty(new Answer("", 0, 0, 0f));
        IEnumerable<string> lines = answers.Select(answer => $"{Score(answer)}\t{(answer.Text.Length > 0 ? answer.Text : terminal.Dim("(no answer)"))}");
        return terminal.Colors ? [MarkedText.Lines(result.Context, Marks(result), terminal), .. lines, ""] : topK > 1 ? lines.Append("") : lines;
    }

    public override string Html(FoundAnswers result) =>
        $"<b>{HtmlPage.Escape(result.Question)}</b>\n{MarkedText.Html(result.Context, Marks(result))}\n"
        + HtmlPage.Table(["", "answer", "score"], result.Answers.Select((answer, i) => (string[])[$"{i + 1}", answer.Text, Score(answer)]));

    public override void WriteJson(Utf8JsonWriter json, FoundAnswers result)
    {
        json.WriteString("question", result.Question);
        json.WriteStartArray("answers");
        foreach (Answer answer in result.Answers)
        {
            json.WriteStartObject();
            json.WriteString("text", answer.Text);
            json.WriteNumber("score", answer.Score);
            json.WriteNumber("start", answer.Start);
            json.WriteNumber("end", answer.End);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Score(Answer answer) => answer.Score.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>The answers with their ranks, best first, so that the better one of two that overlap is shown.</summary>
    private static IEnumerable<Mark> Marks(FoundAnswers result) => result.Answers.Select((answer, i) =>
        new Mark(answer.Start, answer.End, (i + 1).ToString(CultureInfo.InvariantCulture), i));
}
