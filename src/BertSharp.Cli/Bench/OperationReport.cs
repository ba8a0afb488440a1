namespace BertSharp.Cli.Bench;

/// <summary>Where the time of a pass goes.</summary>
/// <param name="Rows">The operations that ran, in their order, then <c>other</c>: what the threads did in none of them.</param>
/// <param name="Milliseconds">The mean pass, with the clock running.</param>
/// <param name="Fma">What FMAs alone reach on these threads.</param>
/// <param name="Linear">What the instructions of the linear layers alone reach: the same, or the peak of int8.</param>
/// <param name="MemoryGigabytesPerSecond">What a copy in memory reaches on these threads.</param>
internal sealed record OperationReport(IReadOnlyList<OperationRow> Rows, double Milliseconds, Peak Fma, Peak Linear, double MemoryGigabytesPerSecond)
{
    /// <summary>Reads a clock.</summary>
    public static OperationReport Of(OperationClock clock, BertConfig config, BenchOptions options, Peak linear, Peak fma, double memoryGigabytesPerSecond)
    {
        double threads = clock.ThreadTime / clock.Elapsed, milliseconds = clock.Elapsed.TotalMilliseconds / clock.Passes, other = milliseconds;
        List<OperationRow> rows = [];
        foreach (Operation operation in Enum.GetValues<Operation>())
        {
            OperationTime time = clock[operation];
            if (time.Calls > 0)
            {
                double own = time.Time.TotalMilliseconds / clock.Passes / threads;
                other -= own;
                rows.Add(new OperationRow(NameOf(operation), (double)time.Calls / clock.Passes, own, own / milliseconds, OperationCost.Of(operation, config, options.Sequences, options.Tokens), OperationCost.IsLinear(operation) ? linear : fma));
            }
        }

        rows.Add(new OperationRow("other", 0, other, other / milliseconds, default, fma));
        return new OperationReport(rows, milliseconds, fma, linear, memoryGigabytesPerSecond);
    }

    private static string NameOf(Operation operation) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(operation.ToString());
}
