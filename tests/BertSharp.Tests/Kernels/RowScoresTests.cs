namespace BertSharp.Tests;

/// <summary>Scores of rows against queries: the slow twin adds each pair alone, in the stated order of sums.</summary>
[Collection(Widths.Alone)]
public sealed unsafe class RowScoresTests
{
    [Theory]
    [InlineData(SimilarityFunction.Dot)]
    [InlineData(SimilarityFunction.Euclidean)]
    [InlineData(SimilarityFunction.Manhattan)]
    public void Every_length_and_shape_gives_the_bits_of_the_twin_between_guard_pages(SimilarityFunction function)
    {
        using GuardedMemory rowMemory = new(9 * 400), queryMemory = new(9 * 400), scoreMemory = new(81);
        foreach (int dimension in Enumerable.Range(1, 130).Append(384))
        {
            // Every remainder of the tile of 4 queries and 2 rows, over the lengths.
            int rows = 1 + (dimension % 5), queries = 1 + (dimension % 9);
            float[] x = Numbers.Array(rows * dimension, dimension), y = Numbers.Array(queries * dimension, dimension + 1);
            float[] expected = Twin(function, x, y, dimension);
            foreach (Guard guard in Enum.GetValues<Guard>())
            {
                Widths.ForEach(width =>
                {
                    float* a = rowMemory.At(guard, x.Length), b = queryMemory.At(guard, y.Length), s = scoreMemory.At(guard, rows * queries);
                    x.CopyTo(new Span<float>(a, x.Length));
                    y.CopyTo(new Span<float>(b, y.Length));
                    RowScores.Run(function, new Matrix((nint)a, rows, dimension, dimension), new Matrix((nint)b, queries, dimension, dimension), new Matrix((nint)s, queries, rows, rows));
                    Numbers.AssertSameBits(expected, new Span<float>(s, rows * queries), $"{function}, dimension {dimension}, width {width}, guard {guard}");
                });
            }
        }
    }

    [Theory]
    [InlineData(SimilarityFunction.Cosine)]
    [InlineData(SimilarityFunction.Dot)]
    [InlineData(SimilarityFunction.Euclidean)]
    [InlineData(SimilarityFunction.Manhattan)]
    public void A_score_is_that_of_the_formula_in_double(SimilarityFunction function)
    {
        for (int dimension = 1; dimension <= 130; dimension++)
        {
            float[] a = Numbers.Array(dimension, dimension), b = Numbers.Array(dimension, dimension + 7);
            double dot = a.Zip(b, (x, y) => (double)x * y).Sum(), exact = function switch
            {
                SimilarityFunction.Cosine => dot / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(y => (double)y * y)),
                SimilarityFunction.Dot => dot,
                SimilarityFunction.Euclidean => -Math.Sqrt(a.Zip(b, (x, y) => Math.Pow((double)x - y, 2)).Sum()),
                _ => -a.Zip(b, (x, y) => Math.Abs((double)x - y)).Sum(),
            };
            Assert.Equal(exact, Similarity.Score(function, a, b), 1e-5);
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        float value;
        Matrix one = new((nint)(&value), 1, 1, 1);
        Assert.Throws<ArgumentException>(() => RowScores.Run(SimilarityFunction.Dot, one with { Columns = 2 }, one, one));
        Assert.Throws<ArgumentException>(() => RowScores.Run(SimilarityFunction.Dot, one, one, one with { Rows = 2 }));
        Assert.Throws<ArgumentException>(() => RowScores.Run(SimilarityFunction.Dot, one, one, one with { Columns = 2 }));
    }

    private static float[] Twin(SimilarityFunction function, float[] rows, float[] queries, int dimension)
    {
        List<float> scores = [];
        foreach (float[] query in queries.Chunk(dimension))
        {
            foreach (float[] row in rows.Chunk(dimension))
            {
                float sum = SumOfPairs(function, query, row);
                scores.Add(function switch { SimilarityFunction.Dot => sum, SimilarityFunction.Euclidean => -float.Sqrt(sum), _ => -sum });
            }
        }

        return [.. scores];
    }

    private static float SumOfPairs(SimilarityFunction function, float[] x, float[] y)
    {
        float[] partial = new float[16];
        for (int i = 0; i < x.Length; i++)
        {
            ref float p = ref partial[i % 16];
            float d = x[i] - y[i];
            p = function switch
            {
                SimilarityFunction.Dot => float.FusedMultiplyAdd(x[i], y[i], p),
                SimilarityFunction.Euclidean => float.FusedMultiplyAdd(d, d, p),
                _ => p + float.Abs(d),
            };
        }

        foreach (int half in new[] { 8, 4, 2, 1 })
        {
            for (int i = 0; i < half; i++)
            {
                partial[i] += partial[i + half];
            }
        }

        return partial[0];
    }
}
