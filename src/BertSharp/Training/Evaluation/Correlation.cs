namespace BertSharp;

/// <summary>How two lists of numbers go together.</summary>
internal static class Correlation
{
    /// <summary>Pearson's, of the values; NaN where a list has one value alone.</summary>
    /// <exception cref="ArgumentException">The lists are not equally long, or empty.</exception>
    public static double Pearson(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count || x.Count == 0)
        {
            throw new ArgumentException($"The lists have {x.Count} and {y.Count} values; expected as many, at least one.", nameof(y));
        }

        double meanX = x.Average(), meanY = y.Average();
        double covariance = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum();
        return covariance / (Math.Sqrt(x.Sum(a => (a - meanX) * (a - meanX))) * Math.Sqrt(y.Sum(b => (b - meanY) * (b - meanY))));
    }

    /// <summary>Spearman's: Pearson's of the ranks, ties at their mean rank.</summary>
    /// <exception cref="ArgumentException">The lists are not equally long, or empty.</exception>
    public static double Spearman(IReadOnlyList<double> x, IReadOnlyList<double> y) => Pearson(Ranks(x), Ranks(y));

    private static double[] Ranks(IReadOnlyList<double> values)
    {
        int[] order = [.. Enumerable.Range(0, values.Count).OrderBy(i => values[i])];
        double[] ranks = new double[values.Count];
        for (int first = 0; first < order.Length;)
        {
            // Not a number equals itself here, so that the loop ends whatever a model gives.
            int end = first;
            while (end < order.Length && values[order[end]].Equals(values[order[first]]))
            {
                end++;
            }

            for (int i = first; i < end; i++)
            {
                ranks[order[i]] = (first + end - 1) / 2.0;
            }

            first = end;
        }

        return ranks;
    }
}
