using System.Text.Json;

namespace BertSharp.Tests;

public sealed class SentenceEmbedderTests
{
    private static readonly string[] Sentences = ["A man is eating food.", "", "The girl is carrying a baby.", "a"];

    [Theory]
    [InlineData("models/real/all-MiniLM-L6-v2", "all-MiniLM-L6-v2")]
    [InlineData("models/coldfire-tiny-bert", "coldfire-tiny-bert")]
    public void Embeddings_are_those_of_the_reference(string model, string expected)
    {
        using SentenceEmbedder embedder = SentenceEmbedder.Load(SharedData.Require(model));
        string[] texts = Texts($"models/real/expected/{expected}/texts.json");
        float[][] reference = Rows($"models/real/expected/{expected}/reference.safetensors", "embeddings");
        AssertClose(reference, embedder.Embed(texts), 1e-5);
    }

    [Fact]
    public void Input_ids_are_those_of_the_reference()
    {
        using SentenceEmbedder embedder = SentenceEmbedder.Load(SharedData.Require("models/real/all-MiniLM-L6-v2"));
        using Checkpoint reference = Checkpoint.Open(SharedData.Require("models/real/expected/all-MiniLM-L6-v2/reference.safetensors"));
        Assert.True(reference.TryFind("input_ids", out TensorInfo tensor));
        long[] ids = new long[tensor.Count];
        reference.ReadInt64(tensor, ids);
        TokenBatch batch = embedder.Encode(Texts("models/real/expected/all-MiniLM-L6-v2/texts.json"));
        Assert.Equal(ids, batch.InputIds.ToArray().Select(id => (long)id));
    }

    [Theory]
    [InlineData("cls", PoolingMode.Cls)]
    [InlineData("max", PoolingMode.Max)]
    [InlineData("mean", PoolingMode.Mean)]
    [InlineData("mean_sqrt_len_tokens", PoolingMode.MeanSqrtLen)]
    [InlineData("weightedmean", PoolingMode.WeightedMean)]
    [InlineData("lasttoken", PoolingMode.LastToken)]
    public void Every_pooling_is_that_of_the_reference(string name, PoolingMode mode)
    {
        using ModelCopy copy = new(SharedData.Require("models/real/all-MiniLM-L6-v2"));
        copy.Write("1_Pooling/config.json", $$"""{"embedding_dimension": 384, "pooling_mode": "{{name}}"}""");
        copy.Write("modules.json", """
            [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
             {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
            """);
        using SentenceEmbedder embedder = SentenceEmbedder.Load(copy.Folder);
        Assert.Equal([mode], embedder.Config.Pooling);
        AssertClose(Poolings($"pooling.{name}"), embedder.Embed(PoolingTexts()), 1e-4);
    }

    [Fact]
    public void Prompt_and_truncation_are_those_of_the_reference()
    {
        using SentenceEmbedder embedder = SentenceEmbedder.Load(SharedData.Require("models/real/all-MiniLM-L6-v2"));
        AssertClose(Poolings("prompt.query"), embedder.Embed(PoolingTexts(), new EmbedOptions { Prompt = "query: " }), 1e-5);
        AssertClose(Poolings("truncate_dim_128.normalized"), embedder.Embed(PoolingTexts(), new EmbedOptions { TruncateDim = 128, Normalize = true }), 1e-5);
    }

    [Fact]
    public void Quantized_outputs_are_those_of_the_reference()
    {
        float[][] vectors = Poolings("embeddings");
        float[][] ranges = Poolings("calibration_ranges");
        EmbeddingRanges calibration = new(ranges[0], ranges[1]);
        for (int i = 0; i < vectors.Length; i++)
        {
            Assert.Equal(Integers("quantized.int8", i), EmbeddingQuantizer.ToInt8(vectors[i], calibration).Select(value => (long)value));
            Assert.Equal(Integers("quantized.uint8", i), EmbeddingQuantizer.ToUInt8(vectors[i], calibration).Select(value => (long)value));
            Assert.Equal(Integers("quantized.binary", i), EmbeddingQuantizer.ToBinary(vectors[i]).Select(value => (long)value));
            Assert.Equal(Integers("quantized.ubinary", i), EmbeddingQuantizer.ToUBinary(vectors[i]).Select(value => (long)value));
        }
    }

    [Fact]
    public void Sts_benchmark_gives_the_published_correlation()
    {
        using SentenceEmbedder embedder = SentenceEmbedder.Load(SharedData.Require("models/real/all-MiniLM-L6-v2"));
        IReadOnlyList<ScoredPair> pairs = StsBenchmark.Test();
        float[][] left = embedder.Embed([.. pairs.Select(pair => pair.Sentence1)]), right = embedder.Embed([.. pairs.Select(pair => pair.Sentence2)]);
        double[] found = [.. left.Zip(right, (a, b) => (double)embedder.Similarity(a, b))];
        Assert.Equal(0.8203, Correlation.Spearman(found, [.. pairs.Select(pair => pair.Score)]), 4);
    }

    [Fact]
    public void All_ways_to_embed_give_the_same_bits()
    {
        using SentenceEmbedder embedder = SentenceEmbedder.Load(SharedData.Require("models/real/all-MiniLM-L6-v2"));
        float[][] together = embedder.Embed(Sentences);
        float[] flat = new float[Sentences.Length * embedder.Dimension];
        embedder.Embed(Sentences, flat);
        for (int i = 0; i < Sentences.Length; i++)
        {
            Assert.Equal(embedder.Embed(Sentences[i]), together[i]);
            Assert.Equal(flat[(i * embedder.Dimension)..((i + 1) * embedder.Dimension)], together[i]);
        }
    }

    [Fact]
    public void A_saved_embedder_gives_the_same_bits()
    {
        using SentenceEmbedder embedder = SentenceEmbedder.Load(SharedData.Require("models/real/all-MiniLM-L6-v2"));
        string folder = Path.Combine(Path.GetTempPath(), $"bertsharp-{Guid.NewGuid():N}");
        try
        {
            embedder.Save(folder);
            using SentenceEmbedder again = SentenceEmbedder.Load(folder);
            Assert.Equal(embedder.Embed(Sentences), again.Embed(Sentences));
            Assert.Equal(embedder.MaxTokens, again.MaxTokens);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Two_poolings_a_dense_layer_and_a_prompt_left_out_are_what_they_say_and_survive_saving()
    {
        string source = SharedData.Require("models/real/all-MiniLM-L6-v2");
        using ModelCopy copy = new(source);
        float[] weight = Numbers.Array(5 * 768, 1), bias = Numbers.Array(5, 2);
        copy.Write("modules.json", """
            [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
             {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
             {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"}]
            """);
        copy.Write("1_Pooling/config.json", """{"word_embedding_dimension": 384, "pooling_mode_max_tokens": true, "pooling_mode_mean_tokens": true, "include_prompt": false}""");
        Directory.CreateDirectory(Path.Combine(copy.Folder, "2_Dense"));
        copy.Write("2_Dense/config.json", """{"in_features": 768, "out_features": 5, "bias": true, "activation_function": "torch.nn.modules.activation.Tanh"}""");
        CheckpointWriter.Save(
            Path.Combine(copy.Folder, "2_Dense", "model.safetensors"),
            [TensorSource.Of("linear.weight", weight, 5, 768), TensorSource.Of("linear.bias", bias, 5)]);
        EmbedOptions prompt = new() { Prompt = "query: " };
        using SentenceEmbedder embedder = SentenceEmbedder.Load(copy.Folder);
        using BertModel model = BertModel.Load(source);
        using BertOutput states = model.Forward(embedder.Tokenizer.Encode("query: " + Sentences[0]));

        // [CLS] query : are left out.
        double[] pooled = [.. Enumerable.Range(0, 384).Select(i => (double)Column(i).Max()), .. Enumerable.Range(0, 384).Select(i => Column(i).Average(value => (double)value))];
        double[] expected = [.. Enumerable.Range(0, 5).Select(n => Math.Tanh(bias[n] + pooled.Select((value, k) => value * weight[(n * 768) + k]).Sum()))];
        float[] actual = embedder.Embed(Sentences[0], prompt);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));

        string saved = Path.Combine(copy.Folder, "saved");
        embedder.Save(saved);
        using SentenceEmbedder again = SentenceEmbedder.Load(saved);
        Assert.Equal(actual, again.Embed(Sentences[0], prompt));

        IEnumerable<float> Column(int i) => Enumerable.Range(3, states.LastHiddenState.Rows - 3).Select(row => states.LastHiddenState[row, i]);
    }

    [Fact]
    public void Wrong_options_are_named()
    {
        using SentenceEmbedder embedder = SentenceEmbedder.Load(SharedData.Require("models/real/all-MiniLM-L6-v2"));
        Assert.Contains("no prompt 'query'", Assert.Throws<ArgumentException>(() => embedder.Embed("a", new EmbedOptions { PromptName = "query" })).Message, StringComparison.Ordinal);
        Assert.Contains("1 … 384", Assert.Throws<ArgumentException>(() => embedder.Embed("a", new EmbedOptions { TruncateDim = 385 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => embedder.Embed(["a"], new float[383]));
    }

    private static string[] PoolingTexts() => Texts("models/real/expected/all-MiniLM-L6-v2/poolings.texts.json");

    private static float[][] Poolings(string tensor) => Rows("models/real/expected/all-MiniLM-L6-v2/poolings.safetensors", tensor);

    private static string[] Texts(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require(path)));
        return [.. document.RootElement.EnumerateArray().Select(element => element.GetString()!)];
    }

    private static float[][] Rows(string path, string name)
    {
        using Checkpoint checkpoint = Checkpoint.Open(SharedData.Require(path));
        Assert.True(checkpoint.TryFind(name, out TensorInfo tensor));
        float[] values = new float[tensor.Count];
        checkpoint.Read(tensor, values);
        return [.. values.Chunk((int)tensor.Shape[1])];
    }

    private static long[] Integers(string name, int row)
    {
        using Checkpoint checkpoint = Checkpoint.Open(SharedData.Require("models/real/expected/all-MiniLM-L6-v2/poolings.safetensors"));
        Assert.True(checkpoint.TryFind(name, out TensorInfo tensor));
        long[] values = new long[tensor.Count];
        checkpoint.ReadInt64(tensor, values);
        return [.. values.Chunk((int)tensor.Shape[1]).ElementAt(row)];
    }

    private static void AssertClose(float[][] expected, float[][] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Length, actual[i].Length);
            Assert.All(expected[i].Zip(actual[i]), pair => Assert.Equal(pair.First, pair.Second, tolerance));
            Assert.True(Similarity.Cosine(expected[i], actual[i]) > 0.99999f);
        }
    }
}
