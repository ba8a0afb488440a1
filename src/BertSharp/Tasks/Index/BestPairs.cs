namespace BertSharp;

/// <summary>The best pairs of those that were added, each once; memory stays within three times their number.</summary>
internal sealed class BestPairs(int capacity)
{
    private readonly List<ParaphrasePair> _pairs = [];
    private float _least = float.NegativeInfinity;

    /// <summary>Adds a pair, in either order, perhaps for the second time.</summary>
    public void Add(int a, int b, float score)
    {
        if (score >= _least)
        {
            _pairs.Add(new ParaphrasePair(Math.Min(a, b), Math.Max(a, b), score));
        }

        if (_pairs.Count > 3L * capacity)
        {
            Reduce();
        }
    }

    /// <summary>The best first; of equal scores that with the lower positions.</summary>
    public IReadOnlyList<ParaphrasePair> Finish()
    {
        Reduce();
        return _pairs;
    }

    private void Reduce()
    {
        // Of a pair that was found from both sides the greater score comes first and stays.
        ParaphrasePair[] best = [.. _pairs.OrderByDescending(pair => pair.Score).ThenBy(pair => pair.First).ThenBy(pair => pair.Second)
            .DistinctBy(pair => (pair.First, pair.Second)).Take(capacity)];
        _pairs.Clear();
        _pairs.AddRange(best);
        _least = best.Length == capacity ? best[^1].Score : float.NegativeInfinity;
    }
}
