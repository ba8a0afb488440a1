namespace BertSharp.Benchmarks.Comparison;

/// <summary>Statistics of timings: a list of passes for each round.</summary>
internal static class Sample
{
    /// <summary>The middle value; of an even number the mean of both in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The median over rounds of each round's median.</summary>
    public static double OfRounds(double[][] rounds) => Median(rounds.Select(Median));

    /// <summary>How many times longer a peer took: the median of the ratios of each round, so that a slow minute of the machine meets both.</summary>
    public static double Ratio(double[][] peer, double[][] own) => Median(peer.Zip(own, (p, o) => Median(p) / Median(o)));

    /// <summary>The largest deviation of a value from the largest, as a share of it.</summary>
    public static double Drift(IReadOnlyCollection<double> values) => 1 - (values.Min() / values.Max());
}
