using System.Text.Json.Nodes;

namespace BertSharp.Tests;

/// <summary>Zero-shot scores against the formulas of transformers' pipeline, on the twin's logits.</summary>
public sealed class ZeroShotClassifierTests
{
    private const string Text = "the foxes jumped, hello!";

    private static readonly string[] Labels = ["fox", "world", "hello"];

    [Theory]
    [InlineData(new[] { "contradiction", "neutral", "entailment" }, 2, 0)]
    [InlineData(new[] { "Entailment", "neutral", "contradiction" }, 0, 2)]
    [InlineData(new[] { "no", "ENTAILS" }, 1, 0)]
    [InlineData(new[] { "a", "b", "c" }, 2, 0)]
    public void Scores_are_the_pipelines(string[] nli, int entailment, int contradiction)
    {
        using TinyTask task = new(HeadKind.SequenceClassification, nli);
        using ZeroShotClassifier classifier = ZeroShotClassifier.Load(task.Folder);
        Assert.Equal(nli[0] != "a", classifier.HasEntailmentLabel);
        double[][] logits = [.. Labels.Select(label => task.SequenceLogits(TinyTask.Tokenizer.Encode(Text, $"This example is {label}.")))];
        AssertLabels(TinyTask.Softmax([.. logits.Select(row => row[entailment])]), classifier.Classify(Text, Labels));
        double[] each = [.. logits.Select(row => TinyTask.Softmax([row[contradiction], row[entailment]])[1])];
        AssertLabels(each, classifier.Classify(Text, Labels, new ZeroShotOptions { MultiLabel = true }));

        // A label that is alone has nothing to share with.
        Assert.Equal(each[1], Assert.Single(classifier.Classify(Text, ["world"])).Score, 3e-5);
    }

    [Fact]
    public void The_id_of_entailment_is_that_of_label2id()
    {
        using TinyTask task = new(HeadKind.SequenceClassification, ["x", "y", "z"], json => json["label2id"] = new JsonObject { ["no"] = 0, ["entailed"] = 1, ["entailment"] = 2 });
        using ZeroShotClassifier classifier = ZeroShotClassifier.Load(task.Folder);
        double[] logits = [.. Labels.Select(label => task.SequenceLogits(TinyTask.Tokenizer.Encode(Text, $"This example is {label}."))[1])];
        AssertLabels(TinyTask.Softmax(logits), classifier.Classify(Text, Labels));
        using TinyTask beyond = new(HeadKind.SequenceClassification, ["x", "y"], json => json["label2id"] = new JsonObject { ["entailment"] = 2 });
        Assert.Contains("label2id", Assert.Throws<CheckpointException>(() => ZeroShotClassifier.Load(beyond.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_texts_share_the_labels_and_keep_their_bits()
    {
        using TinyTask task = new(HeadKind.SequenceClassification, ["entailment", "contradiction"]);
        using ZeroShotClassifier classifier = ZeroShotClassifier.Load(task.Folder);
        ZeroShotOptions options = new() { Template = "the {}!" };
        string[] texts = [Text, "", "hello world"];
        List<int> reported = [];
        IReadOnlyList<IReadOnlyList<ClassLabel>> together = classifier.Classify(texts, Labels, options, new Immediate<int>(reported.Add));
        Assert.Equal(texts.Length * Labels.Length, reported[^1]);
        for (int i = 0; i < texts.Length; i++)
        {
            Assert.Equal(together[i], classifier.Classify(texts[i], Labels, options));
        }
    }

    [Fact]
    public void The_text_is_cut_and_never_the_label()
    {
        using TinyTask task = new(HeadKind.SequenceClassification, ["entailment", "contradiction"]);
        using ZeroShotClassifier classifier = ZeroShotClassifier.Load(task.Folder);
        ZeroShotOptions options = new() { Template = "{}" };
        string words = string.Join(' ', Enumerable.Repeat("hello", 28));
        Assert.Equal(classifier.Classify(words, ["fox"], options), classifier.Classify(words + " world world", ["fox"], options));
        string long29 = string.Join(' ', Enumerable.Repeat("hello", 29));
        Assert.Contains("leaves no room for the text within 32", Error(() => classifier.Classify("fox", [long29], options)), StringComparison.Ordinal);
        Assert.Single(classifier.Classify("fox fox", [words], options));
    }

    [Fact]
    public void Wrong_labels_and_templates_are_named()
    {
        using TinyTask task = new(HeadKind.SequenceClassification, ["entailment", "contradiction"]);
        using ZeroShotClassifier classifier = ZeroShotClassifier.Load(task.Folder);
        Assert.Contains("no label", Error(() => classifier.Classify(Text, [])), StringComparison.Ordinal);
        Assert.Contains("not groups of 3 labels", Error(() => classifier.Classify(classifier.Encode([Text], ["fox"]), Labels)), StringComparison.Ordinal);
        Assert.Contains("has no {}", Error(() => classifier.Classify(Text, Labels, new ZeroShotOptions { Template = "plain" })), StringComparison.Ordinal);
        Assert.ThrowsAny<OperationCanceledException>(() => classifier.Classify([Text], Labels, cancellation: new CancellationToken(canceled: true)));
    }

    private static string Error(Action call) => Assert.Throws<ArgumentException>(call).Message;

    private static void AssertLabels(double[] expected, IReadOnlyList<ClassLabel> found)
    {
        int[] order = [.. Enumerable.Range(0, expected.Length).OrderByDescending(i => expected[i])];
        Assert.Equal(order.Select(i => Labels[i]), found.Select(label => label.Label));
        Assert.All(order.Zip(found), pair => Assert.Equal(expected[pair.First], pair.Second.Score, 3e-5));
    }
}
