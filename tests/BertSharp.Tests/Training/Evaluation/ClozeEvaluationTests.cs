namespace BertSharp.Tests;

/// <summary>Gaps that are filled: ranks, kinds, and questions that cannot be asked.</summary>
public sealed class ClozeEvaluationTests
{
    [Fact]
    public void An_accepted_word_counts_among_the_first_five_and_as_the_first_by_kind()
    {
        using CheckpointFiles files = new();
        using TinyTask task = new(HeadKind.MaskedLM);
        using MaskFiller filler = MaskFiller.Load(task.Folder);
        string[] guesses = [.. filler.Fill("the [MASK]", 6).Select(guess => guess.Token)];
        string data = files.Write("cloze.jsonl", string.Join('\n', Question("a", "nothing", guesses[0]), Question("a", guesses[4].ToUpperInvariant()), Question("b", guesses[5])));
        KeyValuePair<string, double>[] figures = [.. ClozeEvaluation.Of(filler, ClozeQuestion.Read(data))];
        Assert.Equal(
        [
            new("questions", 3), new("top_5", 2 / 3.0), new("first", 1 / 3.0),
            new("a_questions", 2), new("a_top_5", 1), new("a_first", 0.5),
            new("b_questions", 1), new("b_top_5", 0), new("b_first", 0),
        ],
            figures);

        static string Question(string kind, params string[] accepted) => $$"""{"kind": "{{kind}}", "text": "the [MASK]", "accepted": ["{{string.Join("\", \"", accepted)}}"]}""";
    }

    [Theory]
    [InlineData("""{"text": "the", "accepted": ["a"]}""", "cloze.jsonl:1: there is no mask")]
    [InlineData("""{"text": "[MASK] the [MASK]", "accepted": ["a"]}""", "cloze.jsonl:1: the text has 2 masks; expected one")]
    [InlineData("""{"text": "the [MASK]"}""", "cloze.jsonl:1: ")]
    public void A_question_that_cannot_be_asked_is_named_by_its_line(string line, string problem)
    {
        using CheckpointFiles files = new();
        using TinyTask task = new(HeadKind.MaskedLM);
        using MaskFiller filler = MaskFiller.Load(task.Folder);
        Exception error = Assert.ThrowsAny<DataFileException>(() => ClozeEvaluation.Of(filler, ClozeQuestion.Read(files.Write("cloze.jsonl", line))));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }
}
