namespace BertSharp.Tests;

/// <summary>Mining against all pairs, scored and sorted.</summary>
public sealed class ParaphraseMiningTests
{
    [Theory]
    [InlineData(IndexPrecision.Float32, SimilarityFunction.Cosine)]
    [InlineData(IndexPrecision.Float32, SimilarityFunction.Dot)]
    [InlineData(IndexPrecision.Float32, SimilarityFunction.Euclidean)]
    [InlineData(IndexPrecision.Int8, SimilarityFunction.Cosine)]
    [InlineData(IndexPrecision.Binary, SimilarityFunction.Cosine)]
    public void The_pairs_are_those_of_all_nearest_neighbours(IndexPrecision precision, SimilarityFunction similarity)
    {
        const int count = 70, topK = 3;
        using SemanticIndex index = SmallIndexes.Of(SmallIndexes.Vectors(count, 12), 12, precision, similarity);
        float[,] scores = new float[count, count];
        foreach ((int i, int j) in from i in Enumerable.Range(0, count) from j in Enumerable.Range(0, count) select (i, j))
        {
            scores[i, j] = index.Score(i, j);
        }

        // The first topK + 1, without the text itself where it is among them.
        IEnumerable<(int, int)> neighbours = Enumerable.Range(0, count).SelectMany(i => Enumerable.Range(0, count)
            .OrderByDescending(j => scores[i, j]).Take(topK + 1).Where(j => j != i).Select(j => (Math.Min(i, j), Math.Max(i, j))));
        ParaphrasePair[] expected = [.. neighbours.Distinct().Select(pair => new ParaphrasePair(pair.Item1, pair.Item2, Math.Max(scores[pair.Item1, pair.Item2], scores[pair.Item2, pair.Item1])))
            .OrderByDescending(pair => pair.Score).ThenBy(pair => pair.First).ThenBy(pair => pair.Second)];
        Assert.Equal(expected, ParaphraseMining.Mine(index, new ParaphraseOptions { TopK = topK }));
        Assert.Equal(expected.Take(10), ParaphraseMining.Mine(index, new ParaphraseOptions { TopK = topK, MaxPairs = 10 }));
        Assert.Equal(expected.Take(1), ParaphraseMining.Mine(index, new ParaphraseOptions { TopK = topK, MaxPairs = 1 }));
    }

    [Fact]
    public void Few_texts_give_few_pairs()
    {
        foreach (int count in new[] { 0, 1, 2, 3 })
        {
            using SemanticIndex index = SmallIndexes.Of(SmallIndexes.Vectors(count, 3), 3);
            Assert.Equal(count * (count - 1) / 2, ParaphraseMining.Mine(index).Count);
        }
    }

    [Fact]
    public void Paraphrases_are_found_in_texts()
    {
        using SentenceEmbedder embedder = SentenceEmbedder.Load(SharedData.Require("models/real/all-MiniLM-L6-v2"));
        string[] texts = ["The cat sits outside.", "A man is playing guitar.", "The new movie is awesome.", "A man plays the guitar.", "The new movie is so great.", "The cat plays in the garden."];
        using SemanticIndex index = SemanticIndex.Build(embedder, texts.Select((text, i) => new IndexEntry($"{i}", text)));
        IReadOnlyList<ParaphrasePair> pairs = ParaphraseMining.Mine(index);
        Assert.Equal((1, 3), (pairs[0].First, pairs[0].Second));
        Assert.Equal((2, 4), (pairs[1].First, pairs[1].Second));
        Assert.Equal(embedder.Similarity(embedder.Embed(texts[1]), embedder.Embed(texts[3])), pairs[0].Score, 1e-6f);
    }

    [Fact]
    public void Wrong_options_and_a_stop_are_heeded()
    {
        using SemanticIndex index = SmallIndexes.Of(SmallIndexes.Vectors(40, 3), 3);
        Assert.Throws<ArgumentException>(() => ParaphraseMining.Mine(index, new ParaphraseOptions { TopK = 0 }));
        Assert.Throws<ArgumentException>(() => ParaphraseMining.Mine(index, new ParaphraseOptions { MaxPairs = 0 }));
        using CancellationTokenSource stop = new();
        List<int> seen = [];
        Assert.ThrowsAny<OperationCanceledException>(() => ParaphraseMining.Mine(index, null, new Immediate<int>(done => { seen.Add(done); stop.Cancel(); }), stop.Token));
        Assert.Equal([16], seen);
    }
}
