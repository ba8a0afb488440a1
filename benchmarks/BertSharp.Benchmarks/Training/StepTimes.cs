namespace BertSharp.Benchmarks;

/// <summary>What one visit of a program found.</summary>
/// <param name="Seconds">Of each step.</param>
/// <param name="Peaks">FMA peaks around each step, in GFLOP/s; a peer has none.</param>
/// <param name="PeakBytes">The most memory that the process held.</param>
internal sealed record StepTimes(double[] Seconds, double[] Peaks, double PeakBytes)
{
    /// <summary>The median of the steps.</summary>
    public double Median => Seconds.Order().ElementAt(Seconds.Length / 2);
}
