namespace BertSharp.Tests;

/// <summary>Communities against the procedure of sentence-transformers, all neighbours held at once.</summary>
public sealed class CommunityDetectionTests
{
    [Theory]
    [InlineData(0.3f, 2)]
    [InlineData(0.5f, 3)]
    [InlineData(0.9f, 1)]
    [InlineData(-1f, 5)]
    public void Communities_are_those_of_the_procedure(float threshold, int minSize)
    {
        foreach (IndexPrecision precision in Enum.GetValues<IndexPrecision>())
        {
            for (int seed = 0; seed < 5; seed++)
            {
                float[][] vectors = [.. Enumerable.Range(0, 80).Select(i => Numbers.Array(6, (seed * 1000) + i))];
                using SemanticIndex index = SmallIndexes.Of(vectors, 6, precision);
                Assert.Equal(Twin(index, threshold, minSize), CommunityDetection.Find(index, new CommunityOptions { Threshold = threshold, MinSize = minSize }));
            }
        }
    }

    [Fact]
    public void The_centre_comes_first_even_among_equals()
    {
        float[][] vectors = [[1, 0], [1, 0], [0, 1], [1, 0], [0, 1]];
        using SemanticIndex index = SmallIndexes.Of(vectors, 2);
        Assert.Equal([[0, 1, 3], [2, 4]], CommunityDetection.Find(index, new CommunityOptions { MinSize = 2 }));
        Assert.Equal([[0, 1, 3]], CommunityDetection.Find(index, new CommunityOptions { MinSize = 3 }));

        // As the reference, more than all texts is never asked for.
        Assert.Equal([0, 1, 2, 3, 4], Assert.Single(CommunityDetection.Find(index, new CommunityOptions { Threshold = -1, MinSize = 10 })).Order());
    }

    [Fact]
    public void No_texts_have_no_communities_and_wrong_options_are_named()
    {
        using SemanticIndex index = SmallIndexes.Of([], 2);
        Assert.Empty(CommunityDetection.Find(index));
        Assert.Throws<ArgumentException>(() => CommunityDetection.Find(index, new CommunityOptions { MinSize = 0 }));
        Assert.Throws<ArgumentException>(() => CommunityDetection.Find(index, new CommunityOptions { Threshold = float.NaN }));
    }

    private static List<int[]> Twin(SemanticIndex index, float threshold, int minSize)
    {
        List<int[]> groups = [.. Enumerable.Range(0, index.Count).Select(centre => Enumerable.Range(0, index.Count)
            .Where(other => index.Score(centre, other) >= threshold)
            .OrderByDescending(other => other == centre).ThenByDescending(other => index.Score(centre, other)).ToArray())
            .Where(group => group.Length >= minSize).OrderByDescending(group => group.Length)];
        HashSet<int> taken = [];
        List<int[]> communities = [];
        foreach (int[] group in groups)
        {
            int[] rest = [.. group.Where(member => !taken.Contains(member))];
            if (rest.Length >= minSize)
            {
                communities.Add(rest);
                taken.UnionWith(rest);
            }
        }

        return [.. communities.OrderByDescending(group => group.Length)];
    }
}
