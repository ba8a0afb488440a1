using System.Text.Json.Nodes;

namespace BertSharp.Tests;

/// <summary>Cross-encoder scores against the twin; activations as sentence-transformers chooses them.</summary>
public sealed class RerankerTests
{
    private static readonly string[] Documents = ["hello world", "the fox jumped!", "", "unaffable foxes, the world.", "hello world"];

    [Fact]
    public void One_label_gives_the_sigmoid_in_the_documents_order()
    {
        using TinyTask task = new(HeadKind.SequenceClassification, ["LABEL_0"]);
        using Reranker reranker = Reranker.Load(task.Folder);
        float[] scores = reranker.Score("the fox", Documents), raw = reranker.Score("the fox", Documents, new RerankOptions { Function = ScoreFunction.None });
        for (int i = 0; i < Documents.Length; i++)
        {
            double logit = task.SequenceLogits(TinyTask.Tokenizer.Encode("the fox", Documents[i]))[0];
            Assert.Equal(TinyTask.Sigmoid(logit), scores[i], 3e-5);
            Assert.Equal(logit, raw[i], 3e-5);
            Assert.Equal(scores[i], reranker.Score("the fox", Documents[i]));
        }
    }

    [Fact]
    public void Documents_are_ranked_by_falling_score_and_equal_ones_in_their_order()
    {
        using TinyTask task = new(HeadKind.SequenceClassification, ["LABEL_0"]);
        using Reranker reranker = Reranker.Load(task.Folder);
        float[] scores = reranker.Score("the fox", Documents);
        IReadOnlyList<RankedDocument> ranked = reranker.Rank("the fox", Documents);
        Assert.Equal(Enumerable.Range(0, Documents.Length).OrderByDescending(i => scores[i]), ranked.Select(document => document.Index));
        Assert.True(ranked.Select(document => document.Index).ToList().IndexOf(0) + 1 == ranked.Select(document => document.Index).ToList().IndexOf(4));
        Assert.All(ranked, document => Assert.Equal((Documents[document.Index], scores[document.Index]), (document.Text, document.Score)));
        Assert.Equal(ranked.Take(2), reranker.Rank("the fox", Documents, topK: 2));
        Assert.Throws<ArgumentException>(() => reranker.Rank("the fox", Documents, topK: 0));
        Assert.Empty(reranker.Rank("the fox", []));
    }

    [Theory]
    [InlineData("torch.nn.modules.linear.Identity", "identity")]
    [InlineData("torch.nn.modules.activation.Tanh", "tanh")]
    [InlineData("torch.nn.ReLU", "relu")]
    [InlineData("torch.nn.modules.activation.Sigmoid", "sigmoid")]
    public void The_models_own_activation_counts(string path, string function)
    {
        foreach (Action<JsonObject> configure in (Action<JsonObject>[])[
            json => json["sentence_transformers"] = new JsonObject { ["activation_fn"] = path, ["version"] = "5.1.0" },
            json => json["sbert_ce_default_activation_function"] = path])
        {
            using TinyTask task = new(HeadKind.SequenceClassification, ["LABEL_0"], configure);
            using Reranker reranker = Reranker.Load(task.Folder);
            double logit = task.SequenceLogits(TinyTask.Tokenizer.Encode("hello", "world"))[0];
            double expected = function switch
            {
                "tanh" => Math.Tanh(logit),
                "relu" => Math.Max(logit, 0),
                "sigmoid" => TinyTask.Sigmoid(logit),
                _ => logit,
            };
            Assert.Equal(expected, reranker.Score("hello", "world"), 3e-5);
        }
    }

    [Theory]
    [InlineData("torch.nn.modules.activation.Softplus")]
    [InlineData("my_module.Sigmoid")]
    public void An_unknown_activation_is_named(string path)
    {
        using TinyTask task = new(HeadKind.SequenceClassification, ["LABEL_0"], json => json["sentence_transformers"] = new JsonObject { ["activation_fn"] = path });
        CheckpointException error = Assert.Throws<CheckpointException>(() => Reranker.Load(task.Folder));
        Assert.Contains($"sentence_transformers.activation_fn: '{path}' is not supported", error.Message, StringComparison.Ordinal);
        Assert.Contains("Identity, Sigmoid, Tanh", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_labels_give_logits_and_softmax_when_asked()
    {
        using TinyTask task = new(HeadKind.SequenceClassification, ["no", "perhaps", "yes"]);
        using Reranker reranker = Reranker.Load(task.Folder);
        double[] logits = task.SequenceLogits(TinyTask.Tokenizer.Encode("hello", "world"));
        Assert.All(logits.Zip(reranker.Predict([("hello", "world")])[0]), pair => Assert.Equal(pair.First, pair.Second, 3e-5));
        Assert.All(TinyTask.Softmax(logits).Zip(reranker.Predict([("hello", "world")], new RerankOptions { Function = ScoreFunction.Softmax })[0]), pair => Assert.Equal(pair.First, pair.Second, 3e-5));
        Assert.Contains("3 labels", Assert.Throws<InvalidOperationException>(() => reranker.Score("hello", ["world"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_document_is_cut_and_cancellation_ends_the_call()
    {
        using TinyTask task = new(HeadKind.SequenceClassification, ["LABEL_0"]);
        using Reranker reranker = Reranker.Load(task.Folder);
        string words = string.Join(' ', Enumerable.Repeat("hello", 28));
        TokenBatch batch = reranker.Encode([("world", words), ("world", words + " fox")]);
        Assert.Equal((false, true), (batch.Truncated(0), batch.Truncated(1)));
        float[][] scores = reranker.Predict(batch);
        Assert.Equal(scores[0], scores[1]);
        Assert.ThrowsAny<OperationCanceledException>(() => reranker.Score("a", ["b"], cancellation: new CancellationToken(canceled: true)));
    }
}
