namespace BertSharp.Tests;

/// <summary>Indexes of random vectors, the same in every run.</summary>
internal static class SmallIndexes
{
    /// <summary>Vectors of which some are equal and one is zero.</summary>
    public static float[][] Vectors(int count, int dimension, int seed = 1)
    {
        float[][] vectors = [.. Enumerable.Range(0, count).Select(i => Numbers.Array(dimension, seed + (1000 * i)))];
        for (int i = 5; i < count; i += 7)
        {
            vectors[i] = vectors[i - 3];
        }

        if (count > 2)
        {
            vectors[2] = new float[dimension];
        }

        return vectors;
    }

    /// <summary>An index over vectors; text i is named "id i" and reads "text i".</summary>
    public static SemanticIndex Of(float[][] vectors, int dimension, IndexPrecision precision = IndexPrecision.Float32, SimilarityFunction similarity = SimilarityFunction.Cosine) =>
        SemanticIndex.Build(dimension, vectors.Select((vector, i) => (new IndexEntry($"id {i}", $"text {i}"), vector)), new IndexOptions { Precision = precision, Similarity = similarity, Model = "some/model" });

    /// <summary>Divided by its length, as an index keeps it; a zero vector stays.</summary>
    public static float[] Unit(float[] vector)
    {
        float length = Math.Max(float.Sqrt(Similarity.Dot(vector, vector)), 1e-12f);
        return [.. vector.Select(value => value / length)];
    }
}
