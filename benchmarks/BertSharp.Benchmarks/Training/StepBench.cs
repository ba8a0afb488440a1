using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BertSharp.Benchmarks.Comparison;

namespace BertSharp.Benchmarks;

/// <summary>Times steps of training in this process, beside the FMA peak of the same moment.</summary>
internal static class StepBench
{
    /// <summary>Steps before the first that counts.</summary>
    private const int Warmup = 2;

    /// <summary>Writes what <paramref name="runs"/> steps took, as a line of JSON.</summary>
    public static void Run(StepShape shape, int runs) => Console.WriteLine(JsonSerializer.Serialize(Measure(shape, runs), PeerProcess.Json));

    private static StepTimes Measure(StepShape shape, int runs)
    {
        WorkerPool.Shared.MaxThreads = shape.Threads;
        using BertForMaskedLM model = BertForMaskedLM.Create(shape.Config, seed: 1);
        using TrainingPass pass = new(model, TrainingStages.Of(model), TrainingStages.DropoutOf(model), new TrainingPassOptions());
        GradientNorm norm = new(pass.Gradients.Trained);
        using Optimizer? optimizer = shape.IsWhole ? Optimizer.Create(pass.Gradients.Trained, new TrainingOptions { Folder = "" }) : null;
        (TokenBatch batch, StepLabels labels) = Inputs(shape);
        List<double> seconds = [], peaks = [];
        for (int run = 0; run < runs + Warmup; run++)
        {
            double before = MachinePeak.MeasureFma(shape.Threads);
            long start = Stopwatch.GetTimestamp();
            pass.Run(batch.Packed, labels, (ulong)run);
            optimizer?.Update(run + 1, 1e-4, GradientNorm.Scale(norm.Compute(), 1));
            double time = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (run >= Warmup)
            {
                seconds.Add(time);
                peaks.Add(Math.Max(before, MachinePeak.MeasureFma(shape.Threads)));
            }
        }

        return new StepTimes([.. seconds], [.. peaks], ResidentPeak());
    }

    private static (TokenBatch Batch, StepLabels Labels) Inputs(StepShape shape)
    {
        SplitMix64 random = new(7);
        int[] ids = new int[shape.Sequences * shape.Tokens], labels = new int[ids.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = 1 + random.NextBelow(shape.Config.VocabSize - 1);
            labels[i] = StepShape.IsPredicted(i) ? random.NextBelow(shape.Config.VocabSize) : Losses.Ignored;
        }

        return (new TokenBatch(ids, new int[ids.Length], [.. Enumerable.Range(0, shape.Sequences + 1).Select(i => i * shape.Tokens)]), new StepLabels { Tokens = labels });
    }

    // In kilobytes, of the whole process from its start.
    private static double ResidentPeak() =>
        1024 * double.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
