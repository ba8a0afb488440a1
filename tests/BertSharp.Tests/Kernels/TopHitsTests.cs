namespace BertSharp.Tests;

/// <summary>The heap against sorting all.</summary>
public sealed class TopHitsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(200)]
    public void The_best_are_those_of_a_sort_however_they_come(int capacity)
    {
        for (int seed = 0; seed < 50; seed++)
        {
            // Few values, so that most scores have equals.
            Random random = new(seed);
            float[] scores = [.. Enumerable.Range(0, 100).Select(_ => random.Next(8) switch { 0 => float.NaN, 1 => float.NegativeInfinity, 2 => float.PositiveInfinity, int n => n })];
            SearchHit[] expected = [.. scores.Select((score, i) => new SearchHit(i, float.IsNaN(score) ? float.NegativeInfinity : score))
                .OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Index).Take(capacity)];

            int cut = random.Next(101);
            TopHits one = new(), first = new(), second = new();
            Array.ForEach([one, first, second], top => top.Reset(capacity));
            one.Add(0, scores);
            first.Add(0, scores.AsSpan(0, cut));
            second.Add(cut, scores.AsSpan(cut));
            second.Add(first.Hits);
            one.Sort();
            second.Sort();
            Assert.Equal(expected, one.Hits.ToArray());
            Assert.Equal(expected, second.Hits.ToArray());
        }
    }

    [Fact]
    public void A_heap_is_used_again()
    {
        TopHits top = new();
        top.Reset(3);
        top.Add(0, [1, 2, 3]);
        top.Reset(2);
        top.Add(0, [5, 7, 6]);
        top.Sort();
        Assert.Equal([new SearchHit(1, 7), new SearchHit(2, 6)], top.Hits.ToArray());
    }
}
