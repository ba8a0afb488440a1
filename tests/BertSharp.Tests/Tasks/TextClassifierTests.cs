namespace BertSharp.Tests;

/// <summary>Labels against the golden logits, and the edges.</summary>
public sealed class TextClassifierTests(ITestOutputHelper log)
{
    [Theory]
    [InlineData("bert-classify", ScoreFunction.Softmax)]
    [InlineData("bert-multilabel", ScoreFunction.Sigmoid)]
    [InlineData("bert-regress", ScoreFunction.Sigmoid)]
    [InlineData("roberta-classify", ScoreFunction.Softmax)]
    [InlineData("distilbert-classify", ScoreFunction.Softmax)]
    [InlineData("electra-classify", ScoreFunction.Softmax)]
    public void Labels_and_scores_are_those_of_the_golden_logits(string name, ScoreFunction function)
    {
        using GoldenCase golden = new(name);
        using GoldenText text = new(golden);
        using TextClassifier classifier = TextClassifier.Load(text.Folder);
        Assert.Equal(function, classifier.Function);
        bool pairs = golden.Types.Contains(1);
        IReadOnlyList<IReadOnlyList<ClassLabel>> found = Classify(null), raw = Classify(new ClassifyOptions { Function = ScoreFunction.None });
        IReadOnlyList<IReadOnlyList<ClassLabel>> best = Classify(new ClassifyOptions { TopK = 1 });
        double[][] logits = [.. golden.Floats("output.logits").Select(logit => (double)logit).Chunk(classifier.Config.NumLabels)];
        for (int i = 0; i < text.Count; i++)
        {
            double[] scores = function == ScoreFunction.Softmax ? TinyTask.Softmax(logits[i]) : [.. logits[i].Select(TinyTask.Sigmoid)];
            AssertLabels(scores, found[i], golden.Tolerance);
            AssertLabels(logits[i], raw[i], golden.Tolerance);
            log.WriteLine($"{name}, sequence {i}: scores within {scores.OrderDescending().Zip(found[i]).Max(pair => Math.Abs(pair.First - pair.Second.Score)):e1} of {golden.Tolerance:e0}");
            Assert.Equal([found[i][0]], best[i]);
            Assert.Equal(found[i][0], pairs ? classifier.Classify(text.Pair(i).First, text.Pair(i).Second) : classifier.Classify(text.Text(i)));
        }

        IReadOnlyList<IReadOnlyList<ClassLabel>> Classify(ClassifyOptions? options) => pairs
            ? classifier.Classify([.. Enumerable.Range(0, text.Count).Select(text.Pair)], options)
            : classifier.Classify([.. Enumerable.Range(0, text.Count).Select(text.Text)], options);
    }

    [Fact]
    public void A_model_for_regression_gives_its_numbers()
    {
        using TinyTask task = new(HeadKind.SequenceClassification, ["stars"], json => json["problem_type"] = "regression");
        using TextClassifier classifier = TextClassifier.Load(task.Folder);
        ClassLabel found = classifier.Classify("hello");
        Assert.Equal("stars", found.Label);
        Assert.Equal(task.SequenceLogits(TinyTask.Tokenizer.Encode("hello"))[0], found.Score, 3e-5);
    }

    [Fact]
    public void A_text_has_the_same_bits_alone_and_in_any_batch()
    {
        using TinyTask task = new(HeadKind.SequenceClassification, ["a", "b", "c"]);
        using TextClassifier classifier = TextClassifier.Load(task.Folder);
        string[] texts = ["hello world", "", "the fox jumped", string.Concat(Enumerable.Repeat("hello ", 99)), "hello world"];
        List<int> reported = [];
        IReadOnlyList<IReadOnlyList<ClassLabel>> together = classifier.Classify(texts, progress: new Immediate<int>(reported.Add));
        Assert.Equal(texts.Length, reported[^1]);
        for (int i = 0; i < texts.Length; i++)
        {
            Assert.Equal(together[i], classifier.Classify([texts[i]])[0]);
        }

        Assert.Empty(classifier.Classify(Array.Empty<string>()));
    }

    [Fact]
    public void Threads_may_share_a_classifier()
    {
        using TinyTask task = new(HeadKind.SequenceClassification, ["a", "b", "c"]);
        using TextClassifier classifier = TextClassifier.Load(task.Folder);
        string[] texts = [.. Enumerable.Range(0, 16).Select(i => string.Join(' ', Enumerable.Repeat("the foxes", 1 + i)))];
        ClassLabel[] alone = [.. texts.Select(classifier.Classify)], shared = new ClassLabel[texts.Length];
        Parallel.For(0, texts.Length, i => shared[i] = classifier.Classify(texts[i]));
        Assert.Equal(alone, shared);
    }

    [Fact]
    public void A_text_beyond_the_limit_is_cut_and_the_batch_says_so()
    {
        using TinyTask task = new(HeadKind.SequenceClassification);
        using TextClassifier classifier = TextClassifier.Load(task.Folder);
        Assert.Equal(32, classifier.MaxTokens);
        string words = string.Join(' ', Enumerable.Repeat("hello", 30));
        TokenBatch batch = classifier.Encode([words, words + " world"]);
        Assert.Equal((false, true), (batch.Truncated(0), batch.Truncated(1)));
        IReadOnlyList<IReadOnlyList<ClassLabel>> found = classifier.Classify(batch);
        Assert.Equal(found[0], found[1]);
    }

    [Fact]
    public void Cancellation_and_wrong_options_end_the_call()
    {
        using TinyTask task = new(HeadKind.SequenceClassification);
        using TextClassifier classifier = TextClassifier.Load(task.Folder);
        Assert.ThrowsAny<OperationCanceledException>(() => classifier.Classify(["hello"], cancellation: new CancellationToken(canceled: true)));
        Assert.Contains("TopK is 0", Assert.Throws<ArgumentException>(() => classifier.Classify(["hello"], new ClassifyOptions { TopK = 0 })).Message, StringComparison.Ordinal);
        classifier.Dispose();
        Assert.Throws<ObjectDisposedException>(() => classifier.Classify("hello"));
    }

    private static void AssertLabels(double[] expected, IReadOnlyList<ClassLabel> found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Count);
        Assert.Equal(Enumerable.Range(0, expected.Length).OrderByDescending(i => expected[i]).Select(i => $"LABEL_{i}"), found.Select(label => label.Label));
        Assert.All(expected.OrderDescending().Zip(found), pair => Assert.Equal(pair.First, pair.Second.Score, tolerance));
    }
}
