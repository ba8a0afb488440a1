namespace BertSharp.Tests;

/// <summary>Searching against scoring and sorting all, at every width and number of threads.</summary>
[Collection(Widths.Alone)]
public sealed class SemanticIndexTests
{
    public static TheoryData<IndexPrecision, SimilarityFunction> Kinds()
    {
        TheoryData<IndexPrecision, SimilarityFunction> kinds = [];
        foreach (IndexPrecision precision in Enum.GetValues<IndexPrecision>())
        {
            foreach (SimilarityFunction similarity in Enum.GetValues<SimilarityFunction>())
            {
                kinds.Add(precision, similarity);
            }
        }

        return kinds;
    }

    [Theory]
    [InlineData(SimilarityFunction.Cosine)]
    [InlineData(SimilarityFunction.Dot)]
    [InlineData(SimilarityFunction.Euclidean)]
    [InlineData(SimilarityFunction.Manhattan)]
    public void Float32_finds_what_a_sort_of_all_scores_finds_to_the_bit(SimilarityFunction similarity)
    {
        foreach ((int count, int dimension) in new[] { (0, 5), (1, 1), (2, 3), (60, 7), (60, 16), (700, 17), (300, 100), (4500, 1024) })
        {
            float[][] vectors = SmallIndexes.Vectors(count, dimension), queries = SmallIndexes.Vectors(19, dimension, seed: 5);
            using SemanticIndex index = SmallIndexes.Of(vectors, dimension, similarity: similarity);
            SearchResult[] expected = [.. Expected(similarity, vectors, queries[3]).Take(10)];
            Everywhere((width, threads) =>
            {
                Assert.Equal(expected, index.Search(queries[3], new SearchOptions { TopK = 10 }));
                if (width == Widths.All[0])
                {
                    Assert.Equal(expected, index.Search(queries, new SearchOptions { TopK = 10 })[3]);
                }
            });
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Width_threads_and_other_queries_change_no_bit(IndexPrecision precision, SimilarityFunction similarity)
    {
        const int dimension = 67;
        float[][] queries = SmallIndexes.Vectors(35, dimension, seed: 5);
        using SemanticIndex index = SmallIndexes.Of(SmallIndexes.Vectors(9000, dimension), dimension, precision, similarity);
        SearchResult[][] expected = [.. queries.Select(query => index.Search(query).ToArray())];
        Everywhere((width, threads) =>
        {
            Assert.Equal(expected[7], index.Search(queries[7]));
            if (width == Widths.All[0])
            {
                Assert.Equal(expected, index.Search(queries).Select(results => results.ToArray()));
            }
        });
    }

    [Theory]
    [InlineData(SimilarityFunction.Cosine)]
    [InlineData(SimilarityFunction.Dot)]
    [InlineData(SimilarityFunction.Euclidean)]
    [InlineData(SimilarityFunction.Manhattan)]
    public void Bytes_score_within_their_rounding_and_bits_choose_what_bytes_order(SimilarityFunction similarity)
    {
        const int dimension = 50, count = 200;
        float[][] vectors = SmallIndexes.Vectors(count, dimension);
        float[] query = Numbers.Array(dimension, 77);
        using SemanticIndex exact = SmallIndexes.Of(vectors, dimension, similarity: similarity), bytes = SmallIndexes.Of(vectors, dimension, IndexPrecision.Int8, similarity), bits = SmallIndexes.Of(vectors, dimension, IndexPrecision.Binary, similarity);
        SearchOptions all = new() { TopK = count };
        Dictionary<string, float> scores = exact.Search(query, all).ToDictionary(result => result.Id, result => result.Score);

        // Each of the 50 values is off by at most half of 1/127 of the largest, 1, in one vector or both.
        double tolerance = similarity switch { SimilarityFunction.Cosine => 0.01, SimilarityFunction.Euclidean => 0.03, _ => 50 * 2 * 0.0040 };
        Assert.All(bytes.Search(query, all), result => Assert.Equal(scores[result.Id], result.Score, tolerance));
        Assert.Equal(bytes.Search(query, all), bits.Search(query, all));

        // With as many candidates as there are texts bits leave nothing out; with few, what they leave is in the bytes' order.
        Assert.Equal(bytes.Search(query, new SearchOptions { TopK = 5 }), bits.Search(query, new SearchOptions { TopK = 5, Oversampling = count }));
        IReadOnlyList<SearchResult> few = bits.Search(query, new SearchOptions { TopK = 5, Oversampling = 2 });
        Assert.Equal(5, few.Count);
        Assert.Equal(few, bytes.Search(query, all).Where(result => few.Any(one => one.Id == result.Id)));
    }

    [Fact]
    public void Equal_texts_come_in_their_order_and_a_zero_vector_is_alike_to_nothing()
    {
        float[][] vectors = [[0, 0], [2, 0], [1, 0], [-1, 0], [0, 3], [4, 0]];
        using SemanticIndex index = SmallIndexes.Of(vectors, 2);
        Assert.Equal(["id 1", "id 2", "id 5", "id 0", "id 4", "id 3"], index.Search([5f, 0]).Select(result => result.Id));
        Assert.Equal([1, 1, 1, 0, 0, -1], index.Search([5f, 0]).Select(result => result.Score));
        Assert.All(index.Search([0f, 0]), result => Assert.Equal(0, result.Score));
        Assert.Equal(["id 0", "id 1"], index.Search([0f, 0], new SearchOptions { TopK = 2 }).Select(result => result.Id));
    }

    [Fact]
    public void The_score_of_two_texts_is_that_of_a_search_for_one_of_them()
    {
        foreach (IndexPrecision precision in Enum.GetValues<IndexPrecision>())
        {
            float[][] vectors = SmallIndexes.Vectors(20, 9);
            using SemanticIndex index = SmallIndexes.Of(vectors, 9, precision);
            float[] query = new float[9];
            index.CopyVector(4, query);
            Dictionary<string, float> found = index.Search(query, new SearchOptions { TopK = 20, Oversampling = 20 }).ToDictionary(result => result.Id, result => result.Score);
            Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(found[$"id {i}"], index.Score(4, i), 1e-6f));
            Assert.Throws<ArgumentOutOfRangeException>(() => index.Score(0, 20));
            Assert.Throws<ArgumentOutOfRangeException>(() => index.Score(-1, 0));
        }
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        using SemanticIndex index = SmallIndexes.Of(SmallIndexes.Vectors(3, 4), 4);
        Assert.Contains("5 values; the index has 4", Assert.Throws<ArgumentException>(() => index.Search(new float[5])).Message, StringComparison.Ordinal);
        Assert.Contains("Query 1", Assert.Throws<ArgumentException>(() => index.Search([new float[4], new float[3]])).Message, StringComparison.Ordinal);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => index.Search([1, 2, float.NaN, 4])).Message, StringComparison.Ordinal);
        Assert.Contains("TopK is 0", Assert.Throws<ArgumentException>(() => index.Search(new float[4], new SearchOptions { TopK = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("Oversampling is 0", Assert.Throws<ArgumentException>(() => index.Search(new float[4], new SearchOptions { Oversampling = 0 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => index.Search(new float[4], new SearchHit[3], new SearchOptions { Oversampling = -1 }));
        Assert.Equal(0, index.Search(new float[4], Span<SearchHit>.Empty));
        Assert.Contains("text 1 ('b')", Assert.Throws<ArgumentException>(() => SemanticIndex.Build(1, [(new IndexEntry("a", ""), [1f]), (new IndexEntry("b", ""), [float.PositiveInfinity])])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SemanticIndex.Build(0, []));
        Assert.Throws<ArgumentException>(() => SemanticIndex.Build(65_537, []));
    }

    [Fact]
    public void A_stopped_search_throws_and_a_freed_index_is_not_read()
    {
        SemanticIndex index = SmallIndexes.Of(SmallIndexes.Vectors(50, 4), 4);
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => index.Search([new float[4]], cancellation: stop.Token));
        Assert.Equal(10, index.Search(new float[4]).Count);
        index.Dispose();
        Assert.Throws<ObjectDisposedException>(() => index.Search(new float[4]));
        Assert.Throws<ObjectDisposedException>(() => index.Score(0, 1));
        Assert.Throws<ObjectDisposedException>(() => index.Save("unused"));
    }

    [Fact]
    public void Progress_counts_queries()
    {
        using SemanticIndex index = SmallIndexes.Of(SmallIndexes.Vectors(5, 4), 4);
        List<int> seen = [];
        index.Search(SmallIndexes.Vectors(35, 4), progress: new Immediate<int>(seen.Add));
        Assert.Equal([16, 32, 35], seen);
    }

    [Theory]
    [InlineData(IndexPrecision.Float32)]
    [InlineData(IndexPrecision.Int8)]
    [InlineData(IndexPrecision.Binary)]
    public void A_warm_search_into_the_callers_memory_allocates_no_byte_of_the_caller(IndexPrecision precision)
    {
        using SemanticIndex index = SmallIndexes.Of(SmallIndexes.Vectors(20_000, 64), 64, precision);
        float[] query = Numbers.Array(64, 9);
        SearchHit[] hits = new SearchHit[10];
        SpinWait.SpinUntil(() => Allocated() == 0, TimeSpan.FromSeconds(20));
        Assert.Equal(0, Allocated());
        Assert.Equal(index.Search(query).Select(result => result.Id), hits.Select(hit => index[hit.Index].Id));

        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 20; i++)
            {
                Assert.True(index.Search(query, hits) == 10);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static IEnumerable<SearchResult> Expected(SimilarityFunction similarity, float[][] vectors, float[] query)
    {
        bool cosine = similarity == SimilarityFunction.Cosine;
        SimilarityFunction function = cosine ? SimilarityFunction.Dot : similarity;
        float[] asked = cosine ? SmallIndexes.Unit(query) : query;
        return vectors.Select((vector, i) => new SearchResult($"id {i}", $"text {i}", Similarity.Score(function, asked, cosine ? SmallIndexes.Unit(vector) : vector)))
            .OrderByDescending(result => result.Score);
    }

    private static void Everywhere(Action<int, int> body)
    {
        try
        {
            foreach (int threads in new[] { 1, WorkerPool.Shared.Threads })
            {
                WorkerPool.Shared.MaxThreads = threads;
                Widths.ForEach(width => body(width, threads));
            }
        }
        finally
        {
            WorkerPool.Shared.MaxThreads = int.MaxValue;
        }
    }
}
