using System.Diagnostics;
using System.Globalization;

namespace BertSharp.Benchmarks;

/// <summary>
/// Do costs grow as the work does? Times a forward pass against tokens, batch, layers or hidden size, with random weights,
/// beside the FMA peak and the memory's rate of the same minute. A part and a number of threads a run.
/// </summary>
internal static class CostBench
{
    private const double Seconds = 1.5;
    private const int FewestRuns = 3;
    private const int MostRuns = 60;
    private const int ClockedRuns = 5;
    private const int MostAttempts = 3;
    private const double MostDrift = 0.03;
    private const long ProbeBytes = 256L << 20;
    private const double Enough = 0.85;

    /// <param name="part">tokens, batch, layers or hidden.</param>
    /// <param name="threads">Threads of a pass.</param>
    /// <param name="results">The folder of the tables, in which this run's rows take the place of older ones.</param>
    public static void Run(string part, int threads, string results)
    {
        // The pool of workers reads it once, at its first use.
        Environment.SetEnvironmentVariable("BERTSHARP_THREADS", threads.ToString(CultureInfo.InvariantCulture));
        double memory = MeasureMemory();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{part}, {threads} threads: memory is read at {memory:F1} GB/s"));
        List<CostRow> rows = [];
        foreach (CostShape shape in CostShape.Part(part))
        {
            CostRow row = Measure(part, threads, shape, memory);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shape}: {row.Median:F2} ms, {row.PeakShare:P1} {row.Reason}"));
            rows.Add(row);
        }

        CostReport.Write(results, rows);
    }

    private static CostRow Measure(string part, int threads, CostShape shape, double memory)
    {
        using BertModel model = BertModel.Create(shape.ToConfig(), 42);
        using BertOutput output = new();
        TokenBatch batch = RandomBatch(shape);
        model.Forward(batch, output);
        double warm = Time(() => model.Forward(batch, output));
        int runs = (int)Math.Clamp(Seconds * 1000 / warm, FewestRuns, MostRuns);
        Attempt best = Try(model, batch, output, runs, threads);
        for (int attempt = 1; attempt < MostAttempts && best.Drift > MostDrift; attempt++)
        {
            Attempt next = Try(model, batch, output, runs, threads);
            best = next.Drift < best.Drift ? next : best;
        }

        double median = best.Milliseconds[1], peak = best.Peak;
        double gflop = (double)ModelCost.Of(model.Config, 0, shape.Tokens).FlopPerSequence * shape.Sequences / 1e9;
        var row = new CostRow(part, threads, shape, best.Milliseconds, gflop, peak, "");
        return row.PeakShare >= Enough ? row : row with { Reason = CostReason.Of(shape, Clocked(model, batch, output), median, peak, memory, threads) };
    }

    // A peak that has moved says that something else was running.
    private static Attempt Try(BertModel model, TokenBatch batch, BertOutput output, int runs, int threads)
    {
        double before = MachinePeak.MeasureFma(threads);
        double[] times = [.. Enumerable.Range(0, runs).Select(_ => Time(() => model.Forward(batch, output))).Order()];
        double after = MachinePeak.MeasureFma(threads);
        return new([times[0], times[runs / 2], times[^1]], (before + after) / 2, Math.Abs(before - after) / Math.Max(before, after));
    }

    private static OperationClock Clocked(BertModel model, TokenBatch batch, BertOutput output)
    {
        ForwardOptions options = new() { Clock = new OperationClock() };
        for (int run = 0; run < ClockedRuns; run++)
        {
            model.Forward(batch, output, options);
        }

        return options.Clock;
    }

    private static double MeasureMemory()
    {
        using BandwidthProbe probe = new(ProbeBytes);
        return ProbeBytes / 1e6 / Enumerable.Range(0, 5).Min(_ => Time(probe.Read));
    }

    private static TokenBatch RandomBatch(CostShape shape)
    {
        var random = new Random(42);
        int vocabulary = shape.ToConfig().VocabSize;
        int[] ids = [.. Enumerable.Range(0, shape.Sequences * shape.Tokens).Select(_ => random.Next(vocabulary))];
        int[] offsets = [.. Enumerable.Range(0, shape.Sequences + 1).Select(sequence => sequence * shape.Tokens)];
        return new TokenBatch(ids, new int[ids.Length], offsets);
    }

    private static double Time(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private readonly record struct Attempt(double[] Milliseconds, double Peak, double Drift);
}
