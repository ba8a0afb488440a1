namespace BertSharp.Benchmarks.Comparison;

/// <summary>A measured row.</summary>
/// <param name="Id">As <see cref="Workload.Id"/>.</param>
/// <param name="Title">As <see cref="Workload.Title"/>.</param>
/// <param name="Measured">When, and at which commit.</param>
/// <param name="Command">The arguments of the run.</param>
/// <param name="Threads">Threads of everybody, the machine's peak included.</param>
/// <param name="Tokens">Real tokens.</param>
/// <param name="Gflop">Useful work.</param>
/// <param name="WeightBytes">Bytes of the encoder's matrices.</param>
/// <param name="PeakGflops">The machine's FMA peak before and after each round.</param>
/// <param name="PeakBandwidth">The machine's copy bandwidth in GB/s, likewise.</param>
/// <param name="Busy">Share of the processor that others took before each round.</param>
/// <param name="LoadAverage">Of the minute before each round; it counts the run's own work too.</param>
/// <param name="Cells">The contestants.</param>
internal sealed record RowResult(
    string Id, string Title, string Measured, string Command, int Threads, int Tokens, double Gflop, double WeightBytes,
    double[] PeakGflops, double[] PeakBandwidth, double[] Busy, double[] LoadAverage, CellResult[] Cells)
{
    /// <summary>The least time that the machine's peaks allow.</summary>
    public double BoundSeconds => Math.Max(Gflop / PeakGflops.Max(), WeightBytes / PeakBandwidth.Max() / 1e9);

    /// <summary>Useful work of a pass as a share of the peak.</summary>
    public double Share(CellResult cell) => Gflop / Sample.OfRounds(cell.Seconds) / PeakGflops.Max();

    /// <summary>The best variant of each column.</summary>
    public CellResult? Best(string column) => Cells.Where(cell => cell.Column == column).MinBy(cell => Sample.OfRounds(cell.Seconds));
}
