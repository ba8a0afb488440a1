using System.Collections.Concurrent;
using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Parameters;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace BertSharp.Benchmarks;

/// <summary>GFLOP/s of an <see cref="IFlop"/>, or their share of the machine's FMA peak on as many threads.</summary>
internal sealed class FlopColumn(bool share) : IColumn
{
    private static readonly ConcurrentDictionary<int, double> Peaks = new();

    public string Id => ColumnName;

    public string ColumnName => share ? "Peak" : "GFLOP/s";

    public string Legend => share ? "Share of the FMA peak, measured after the run" : "10⁹ floating point operations a second";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, SummaryStyle.Default);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style)
    {
        if (summary[benchmarkCase]?.ResultStatistics is not { } statistics)
        {
            return "-";
        }

        IFlop work = Instance(benchmarkCase);
        double gflops = work.Flop / statistics.Median;
        return share
            ? (gflops / Peaks.GetOrAdd(work.Threads, MachinePeak.MeasureFma)).ToString("P0", CultureInfo.InvariantCulture)
            : gflops.ToString("F0", CultureInfo.InvariantCulture);
    }

    private static IFlop Instance(BenchmarkCase benchmarkCase)
    {
        Type type = benchmarkCase.Descriptor.Type;
        IFlop work = (IFlop)Activator.CreateInstance(type)!;
        foreach (ParameterInstance parameter in benchmarkCase.Parameters.Items)
        {
            type.GetProperty(parameter.Name)!.SetValue(work, parameter.Value);
        }

        return work;
    }
}
