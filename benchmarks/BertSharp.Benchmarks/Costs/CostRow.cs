namespace BertSharp.Benchmarks;

/// <summary>What a shape took.</summary>
/// <param name="Part">tokens, batch, layers or hidden.</param>
/// <param name="Threads">Threads of the pass.</param>
/// <param name="Shape">The sizes.</param>
/// <param name="Milliseconds">Minimum, median and maximum of a pass.</param>
/// <param name="Gflop">Floating point operations of a pass in thousands of millions, by <see cref="ModelCost"/>.</param>
/// <param name="PeakGflops">What FMAs alone reach on these threads, measured before and after the passes.</param>
/// <param name="Reason">Where the time beyond the peak's goes, for a row below 85 % of it.</param>
internal sealed record CostRow(
    string Part, int Threads, CostShape Shape, double[] Milliseconds, double Gflop, double PeakGflops, string Reason)
{
    public double Median => Milliseconds[1];

    public double PeakShare => Gflop / Median * 1000 / PeakGflops;
}
