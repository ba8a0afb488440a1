namespace BertSharp.Cli.Bench;

/// <summary>What a batch cost, and how near to the machine's peak that is.</summary>
/// <param name="Milliseconds">The median pass.</param>
/// <param name="Gflops">The encoder's operations by that time, GFLOP/s.</param>
/// <param name="Peak">What the instructions of its products alone reach on these threads: the mean of before and after.</param>
/// <param name="PeakDrift">How far the peaks before and after lie apart, relative to the larger.</param>
/// <param name="Operations">Where the time goes, if asked for.</param>
internal sealed record BenchResult(double Milliseconds, double Gflops, Peak Peak, double PeakDrift, OperationReport? Operations = null)
{
    public double PeakShare => Gflops / Peak.Gflops;
}
