using System.Diagnostics;

namespace BertSharp.Cli.Bench;

/// <summary>
/// Times forward passes between two measurements of the machine's peak: that of the instructions of its products. Where these differ by more than 3 %, another
/// process or the clock was in the way, and the whole is repeated.
/// </summary>
internal sealed class ModelBench(BertModel model, BenchOptions options, CancellationToken cancellation)
{
    private const double MaxDrift = 0.03;
    private const int MaxAttempts = 5;
    private const int WarmUp = 3;

    /// <summary>Runs the benchmark; of several attempts the one with the steadiest peak counts.</summary>
    public BenchResult Run()
    {
        TokenBatch batch = RandomBatch();
        using BertOutput output = new();
        for (int i = 0; i < WarmUp; i++)
        {
            model.Forward(batch, output, cancellation: cancellation);
        }

        BenchResult best = Attempt(batch, output);
        for (int attempt = 1; attempt < MaxAttempts && best.PeakDrift > MaxDrift; attempt++)
        {
            BenchResult next = Attempt(batch, output);
            best = next.PeakDrift < best.PeakDrift ? next : best;
        }

        return options.PerOperation ? best with { Operations = TimeOperations(batch, output, best.Peak) } : best;
    }

    // Passes of their own: with the clock they take a little longer.
    private OperationReport TimeOperations(TokenBatch batch, BertOutput output, Peak peak)
    {
        ForwardOptions clocked = new() { Clock = new OperationClock() };
        for (int run = 0; run < options.Runs; run++)
        {
            model.Forward(batch, output, clocked, cancellation: cancellation);
        }

        // Attention multiplies in float32 whatever the weights are.
        Peak fma = peak.Name == "fma" ? peak : Peak.MeasureFma(options.Threads);
        return OperationReport.Of(clocked.Clock, model.Config, options, peak, fma, MachinePeak.MeasureMemory(options.Threads));
    }

    private BenchResult Attempt(TokenBatch batch, BertOutput output)
    {
        Peak before = Peak.Measure(model.Config, options.Threads);
        double[] milliseconds = new double[options.Runs];
        for (int run = 0; run < options.Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            model.Forward(batch, output, cancellation: cancellation);
            milliseconds[run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        double after = Peak.Measure(model.Config, options.Threads).Gflops;
        Array.Sort(milliseconds);
        double median = milliseconds[options.Runs / 2];
        double flop = (double)ModelCost.Of(model.Config, 0, options.Tokens).FlopPerSequence * options.Sequences;
        return new BenchResult(median, flop / median / 1e6, before with { Gflops = (before.Gflops + after) / 2 }, Math.Abs(before.Gflops - after) / Math.Max(before.Gflops, after));
    }

    // Ids of a fixed seed: the time does not depend on them, but their rows lie apart as those of a text do.
    private TokenBatch RandomBatch()
    {
        Random random = new(42);
        int[] ids = new int[checked(options.Sequences * options.Tokens)];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = random.Next(model.Config.VocabSize);
        }

        int[] offsets = [.. Enumerable.Range(0, options.Sequences + 1).Select(sequence => sequence * options.Tokens)];
        return new TokenBatch(ids, new int[ids.Length], offsets);
    }
}
