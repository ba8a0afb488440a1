namespace BertSharp.Tests;

/// <summary>Choices against the golden logits, and groups of different sizes against the twin.</summary>
public sealed class MultipleChoiceSolverTests
{
    [Fact]
    public void Probabilities_are_those_of_the_golden_logits()
    {
        using GoldenCase golden = new("bert-choice");
        using GoldenText text = new(golden);
        using MultipleChoiceSolver solver = MultipleChoiceSolver.Load(text.Folder);
        TokenBatch batch = solver.Tokenizer.Encode([.. Enumerable.Range(0, text.Count).Select(text.Pair)]);
        Assert.Equal(golden.Batch.InputIds, batch.InputIds);
        Assert.Equal(golden.Batch.TokenTypeIds, batch.TokenTypeIds);

        // The choices of a golden group differ in their prompts too, so they go in as tokens.
        string[][] choices = [.. Enumerable.Range(0, text.Count).Select(text.Text).Chunk(golden.Choices)];
        ChoiceAnswer[] found = solver.Solve(batch, choices);
        double[][] logits = [.. golden.Floats("output.logits").Select(logit => (double)logit).Chunk(golden.Choices)];
        Assert.Equal(logits.Length, found.Length);
        for (int i = 0; i < found.Length; i++)
        {
            double[] scores = TinyTask.Softmax(logits[i]);
            Assert.All(scores.Zip(found[i].Scores), pair => Assert.Equal(pair.First, pair.Second, golden.Tolerance));
            Assert.Equal(Array.IndexOf(scores, scores.Max()), found[i].Index);
            Assert.Equal((choices[i][found[i].Index], found[i].Scores.Max()), (found[i].Text, found[i].Score));
        }
    }

    [Fact]
    public void Questions_may_have_different_numbers_of_choices()
    {
        using TinyTask task = new(HeadKind.MultipleChoice);
        using MultipleChoiceSolver solver = MultipleChoiceSolver.Load(task.Folder);
        (string Prompt, IReadOnlyList<string> Choices)[] questions =
        [
            ("the fox", ["jumped.", "", "hello world"]), ("", ["unaffable"]), (string.Join(' ', Enumerable.Repeat("hello", 40)), ["the world", "the fox"]),
        ];
        IReadOnlyList<ChoiceAnswer> found = solver.Solve(questions);
        for (int i = 0; i < questions.Length; i++)
        {
            double[] logits = [.. questions[i].Choices.Select(choice => task.Choice(TinyTask.Tokenizer.Encode(questions[i].Prompt, choice, new EncodeOptions { MaxLength = 32 })))];
            Assert.All(TinyTask.Softmax(logits).Zip(found[i].Scores), pair => Assert.Equal(pair.First, pair.Second, 3e-5));
            Assert.Equal(found[i].Scores, solver.Solve(questions[i].Prompt, questions[i].Choices).Scores);
        }

        Assert.Equal([1f], found[1].Scores);
        Assert.Contains("Question 1 has no choice", Assert.Throws<ArgumentException>(() => solver.Solve([("a", ["b"]), ("a", [])])).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<OperationCanceledException>(() => solver.Solve([("a", ["b"])], cancellation: new CancellationToken(canceled: true)));
    }
}
