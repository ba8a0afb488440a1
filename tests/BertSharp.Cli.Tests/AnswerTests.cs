using System.Text.Json;

namespace BertSharp.Cli.Tests;

/// <summary><c>bert answer</c> against transformers' pipeline, and as a page, a table and lines.</summary>
public sealed class AnswerTests
{
    private const string Question = "Where did Ada live?";
    private const string Context = "Ada Lovelace lived in London.";

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void The_three_best_answers_are_those_of_the_reference(string build)
    {
        JsonElement[] results = Reference("top3");
        string input = Workplace.Write($"answer-{build}.jsonl", string.Concat(results.Select(result => result.GetRawText().ReplaceLineEndings(" ") + "\n")));
        JsonElement[] found = Run(Tool.Of(build), "--input", input, "--top-k", "3", "--format", "jsonl");
        Assert.Equal(results.Select(result => result.GetProperty("question").GetString()), found.Select(line => line.GetProperty("question").GetString()));
        Assert.All(results.Zip(found), pair =>
        {
            JsonElement[] given = [.. pair.First.GetProperty("top3").EnumerateArray()], answers = [.. pair.Second.GetProperty("answers").EnumerateArray()];
            Assert.Equal(given.Select(Place), answers.Select(Place));
            Assert.All(given.Zip(answers), answer => Assert.Equal(answer.First.GetProperty("score").GetDouble(), answer.Second.GetProperty("score").GetDouble(), 1e-4));
        });

        static (string?, int, int) Place(JsonElement answer) => (answer.GetProperty("text").GetString(), answer.GetProperty("start").GetInt32(), answer.GetProperty("end").GetInt32());
    }

    [Fact]
    public void An_object_has_the_promised_properties_and_no_answer_is_empty()
    {
        Reference("top1");
        JsonElement[] lines = Run(Tool.Jit, "--input", "questions.jsonl", "--no-answer", "--format", "jsonl");
        Assert.All(lines, line => Assert.Equal(["question", "answers"], line.EnumerateObject().Select(property => property.Name)));
        Assert.Equal(["text", "score", "start", "end"], lines[0].GetProperty("answers")[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(["London", ""], lines.Select(line => line.GetProperty("answers")[0].GetProperty("text").GetString()));
    }

    [Fact]
    public void Text_has_a_line_an_answer_csv_a_row_and_html_marks_the_context()
    {
        Reference("top1");
        Assert.Matches(@"^0\.9\d{3}\tLondon\n$", Tool.Jit.Run([.. Base, Question, Context]).Succeeded().Output);
        Assert.Matches(@"^0\.9\d{3}\tLondon\n0\.\d{4}\tin London\n\n$", Tool.Jit.Run([.. Base, Question, Context, "--top-k", "2"]).Succeeded().Output);
        Assert.Equal("0.0000\t(no answer)\n", Tool.Jit.Run([.. Base, Question, " "]).Succeeded().Output);
        string[] csv = Tool.Jit.Run([.. Base, "--input", "questions.csv", "--pair-column", "paragraph", "--format", "csv"]).Succeeded().Lines;
        Assert.Equal("question,text,score,start,end", csv[0]);
        Assert.Matches(@"^Where did Ada live\?,London,0\.\d+,22,28$", csv[1]);
        string page = Tool.Jit.Run([.. Base, Question, "<" + Context, "--format", "html"]).Succeeded().Output;
        Assert.Contains("<article><b>Where did Ada live?</b>\n&lt;Ada Lovelace lived in <mark style=\"background: hsl(210 ", page, StringComparison.Ordinal);
        Assert.Contains(">London<small>1</small></mark>.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_cannot_be_answered_is_named_or_skipped()
    {
        Reference("top1");
        string tooLong = string.Concat(Enumerable.Repeat("where ", 300)), context = string.Concat(Enumerable.Repeat(Context, 60));
        string input = Workplace.Write("answer-bad.jsonl", $$"""
            {"question": "{{Question}}", "context": "{{Context}}"}
            {"question": "{{Question}}"}
            {"question": "{{Question}}", "context": ""}
            {"question": "{{tooLong}}", "context": "{{context}}"}
            {"question": "{{Question}}", "context": "{{Context}}"}

            """);
        ToolResult stopped = Tool.Jit.Run([.. Base, "--input", input, "--format", "jsonl"]);
        Assert.Equal(1, stopped.ExitCode);
        Assert.Single(stopped.Lines);
        Assert.Contains("answer-bad.jsonl:2: there is no context", stopped.Error, StringComparison.Ordinal);
        ToolResult skipped = Tool.Jit.Run([.. Base, "--input", input, "--format", "jsonl", "--skip-bad"]);
        Assert.Equal((0, 2), (skipped.ExitCode, skipped.Lines.Length));
        Assert.Contains("answer-bad.jsonl:3: the context is empty", skipped.Error, StringComparison.Ordinal);
        Assert.Contains("answer-bad.jsonl:4: the question takes 303 of the 384 tokens", skipped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_that_cannot_be_are_refused()
    {
        Reference("top1");
        Tool.Jit.Run([.. Base, Question]).Failed(2, "two arguments", "question", "context");
        Tool.Jit.Run([.. Base, Question, ""]).Failed(1, "the context is empty");
        Tool.Jit.Run([.. Base, Question, Context, "--top-k", "0"]).Failed(2, "--top-k is '0'");
        Tool.Jit.Run([.. Base, Question, Context, "--max-tokens", "600"]).Failed(2, "at most 512");
        Tool.Jit.Run("answer", "-m", "minilm-wnut17", Question, Context).Failed(1, "qa_outputs");
    }

    private static string[] Base => ["answer", "-m", "minilm-squad"];

    private static JsonElement[] Reference(string kind) =>
        [.. JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("models", "real", "expected", "minilm-squad", "pipeline.json"))).RootElement
            .GetProperty("results").EnumerateArray().Where(result => result.TryGetProperty(kind, out _))];

    private static JsonElement[] Run(Tool tool, params string[] arguments) =>
        [.. tool.Run([.. Base, .. arguments]).Succeeded().Lines.Select(line => JsonDocument.Parse(line).RootElement)];
}
