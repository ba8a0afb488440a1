namespace BertSharp.Cli.Bench;

/// <summary>One operation in the mean pass of a benchmark.</summary>
/// <param name="Name">As JSON has it.</param>
/// <param name="Calls">Times that a thread ended its share.</param>
/// <param name="Milliseconds">Time of all threads, by their number: the rows of a table add up to the pass.</param>
/// <param name="Share">The part of the pass.</param>
/// <param name="Cost">What it had to do.</param>
/// <param name="Peak">The yardstick of its products.</param>
internal sealed record OperationRow(string Name, double Calls, double Milliseconds, double Share, OperationCost Cost, Peak Peak)
{
    /// <summary>Whether it has matrix products.</summary>
    public bool Computes => Cost.Flop > 0 && Milliseconds > 0;

    /// <summary>Whether it only moves data.</summary>
    public bool Moves => Cost is { Flop: 0, Bytes: > 0 } && Milliseconds > 0;

    /// <summary>GFLOP/s.</summary>
    public double Gflops => Cost.Flop / Milliseconds / 1e6;

    /// <summary>The part of its peak.</summary>
    public double PeakShare => Gflops / Peak.Gflops;

    /// <summary>GB/s.</summary>
    public double GigabytesPerSecond => Cost.Bytes / Milliseconds / 1e6;
}
