namespace BertSharp.Tests;

/// <summary>Building with a model: prompts as sentence-transformers chooses them, texts read as they are needed.</summary>
public sealed class IndexBuildTests
{
    private static readonly string[] Texts = ["A man is eating food.", "The girl carries a baby.", "Someone rides a horse."];

    [Theory]
    [InlineData("""{"query": "query: ", "passage": "passage: "}""", null, "query: ", "passage: ")]
    [InlineData("""{"query": "q: ", "corpus": "c: ", "passage": "p: ", "document": "d: "}""", null, "q: ", "d: ")]
    [InlineData("""{"query": "q: ", "other": "o: "}""", "other", "q: ", "o: ")]
    [InlineData("""{"other": "o: "}""", "other", "o: ", "o: ")]
    [InlineData("""{"other": "o: "}""", null, "", "")]
    public void Prompts_are_those_that_the_reference_would_take(string prompts, string? byDefault, string query, string document)
    {
        using ModelCopy copy = new(SharedData.Require("models/real/all-MiniLM-L6-v2"));
        copy.Write("config_sentence_transformers.json", $$"""{"prompts": {{prompts}}, "default_prompt_name": {{(byDefault is null ? "null" : $"\"{byDefault}\"")}}, "similarity_fn_name": "dot"}""");
        using SentenceEmbedder embedder = SentenceEmbedder.Load(copy.Folder);
        using SemanticIndex index = SemanticIndex.Build(embedder, Texts.Select(text => new IndexEntry(text[..3], text)));
        Assert.Equal((document, SimilarityFunction.Dot, 3), (index.Prompt, index.Similarity, index.Count));
        float[] stored = new float[384], asked = embedder.Embed("Who eats?", new EmbedOptions { Prompt = query });
        index.CopyVector(0, stored);
        Assert.Equal(embedder.Embed(Texts[0], new EmbedOptions { Prompt = document }), stored);
        SearchResult best = index.Search(embedder, "Who eats?")[0];
        Assert.Equal(new SearchResult("A m", Texts[0], embedder.Similarity(asked, stored)), best);
        Assert.Equal(index.Search(embedder.Embed("Who eats?", new EmbedOptions { Prompt = "x: " })), index.Search(embedder, "Who eats?", new SearchOptions { Prompt = "x: " }));
    }

    [Fact]
    public void Texts_are_read_batch_by_batch_and_a_stop_ends_it()
    {
        using SentenceEmbedder embedder = SentenceEmbedder.Load(SharedData.Require("models/real/all-MiniLM-L6-v2"));
        using CancellationTokenSource stop = new();
        List<(int Done, int Read)> seen = [];
        int read = 0;
        IEnumerable<IndexEntry> endless = Enumerable.Range(0, int.MaxValue).Select(i =>
        {
            read++;
            return new IndexEntry($"{i}", "a");
        });
        Assert.ThrowsAny<OperationCanceledException>(() => SemanticIndex.Build(embedder, endless, null, new Immediate<int>(done =>
        {
            seen.Add((done, read));
            if (done >= 1024)
            {
                stop.Cancel();
            }
        }), stop.Token));
        Assert.Equal([(512, 512), (1024, 1024)], seen);
    }

    [Fact]
    public void A_model_of_another_dimension_is_refused_by_name()
    {
        using SentenceEmbedder embedder = SentenceEmbedder.Load(SharedData.Require("models/real/all-MiniLM-L6-v2"));
        using SemanticIndex index = SmallIndexes.Of(SmallIndexes.Vectors(3, 9), 9);
        string message = Assert.Throws<ArgumentException>(() => index.Search(embedder, "x")).Message;
        Assert.Contains("9 values, of the model 'some/model'", message, StringComparison.Ordinal);
        Assert.Contains("makes 384", message, StringComparison.Ordinal);
    }
}
