namespace BertSharp.Benchmarks.Comparison;

/// <summary>Whether a peer computes the same: hidden states of the first, the middle and the last token of some sequences.</summary>
internal static class Agreement
{
    private const int MaxSequences = 16;

    /// <summary>[sequence, token] of the tokens whose states are compared.</summary>
    public static int[][] Tokens(int[][] sequences)
    {
        int step = (sequences.Length + MaxSequences - 1) / MaxSequences;
        return [.. Enumerable.Range(0, sequences.Length).Where(i => i % step == 0).SelectMany(i => new[] { 0, sequences[i].Length / 2, sequences[i].Length - 1 }.Select(token => new[] { i, token }))];
    }

    /// <summary>The largest difference; throws where it is beyond the model's tolerance.</summary>
    public static double Require(float[][] expected, float[][] found, Workload workload, string peer)
    {
        double scale = expected.Max(row => row.Max(MathF.Abs));
        double difference = expected.Zip(found, (e, f) => e.Zip(f, (x, y) => (double)MathF.Abs(x - y)).Max()).Max();
        double tolerance = workload.Model.Tolerance * scale;
        return difference <= tolerance
            ? difference
            : throw new InvalidOperationException($"{workload.Id}: the hidden states of {peer} differ by {difference:E1} from BertSharp's; expected at most {tolerance:E1}. Timings of different results mean nothing: find the error first.");
    }
}
