using System.Diagnostics;
using System.Globalization;

namespace BertSharp.Benchmarks;

/// <summary>
/// Forward and backward of one step of a masked language model, as a share of the machine's FMA peak in the same run. The
/// operations are three times those of the forward pass: the encoder's and those of the head at predicted tokens.
/// </summary>
internal static class StepBench
{
    /// <summary>Prints medians of <paramref name="runs"/> steps.</summary>
    public static void Run(string shape, int sequences, int tokens, int threads, double dropout, int runs)
    {
        BertConfig config = (shape == "base" ? new BertConfig() : new BertConfig
        {
            VocabSize = 10240,
            HiddenSize = 256,
            NumHiddenLayers = 6,
            NumAttentionHeads = 4,
            IntermediateSize = 1024,
        })
        with
        { HiddenDropoutProb = dropout, AttentionProbsDropoutProb = dropout, Architectures = ["BertForMaskedLM"] };
        WorkerPool.Shared.MaxThreads = threads;
        using BertForMaskedLM model = BertForMaskedLM.Create(config, seed: 1);
        using TrainingPass pass = new(model, TrainingStages.Of(model), TrainingStages.DropoutOf(model), new TrainingPassOptions());
        SplitMix64 random = new(7);
        int[] ids = new int[sequences * tokens], labels = new int[ids.Length];
        int predicted = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = 1 + random.NextBelow(config.VocabSize - 1);
            labels[i] = i % 20 is 0 or 7 or 13 ? random.NextBelow(config.VocabSize) : -100;
            predicted += labels[i] >= 0 ? 1 : 0;
        }

        TokenBatch batch = new(ids, new int[ids.Length], [.. Enumerable.Range(0, sequences + 1).Select(i => i * tokens)]);
        StepLabels step = new() { Tokens = labels };
        double hidden = config.HiddenSize;
        double flop = 3 * ((ModelCost.Of(config, 0, tokens).FlopPerToken * (double)ids.Length) + (predicted * 2 * ((hidden * hidden) + (hidden * config.VocabSize))));
        List<double> seconds = [], shares = [];
        for (int run = 0; run < runs + 2; run++)
        {
            double before = MachinePeak.MeasureFma(threads);
            long start = Stopwatch.GetTimestamp();
            pass.Run(batch.Packed, step, (ulong)run);
            double time = Stopwatch.GetElapsedTime(start).TotalSeconds, peak = Math.Max(before, MachinePeak.MeasureFma(threads));
            if (run >= 2)
            {
                seconds.Add(time);
                shares.Add(flop / time / peak / 1e9);
            }
        }

        seconds.Sort();
        shares.Sort();
        double median = seconds[runs / 2];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shape} {sequences} x {tokens}, {threads} threads, dropout {dropout}: {median * 1e3:f1} ms (least {seconds[0] * 1e3:f1}), {flop / median / 1e9:f0} GFLOP/s, {shares[runs / 2]:p1} of the peak ({shares[0]:p1} to {shares[^1]:p1}), {ids.Length / median:f0} tokens/s"));
    }
}
