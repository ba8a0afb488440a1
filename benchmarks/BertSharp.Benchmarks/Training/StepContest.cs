using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BertSharp.Benchmarks.Comparison;

namespace BertSharp.Benchmarks;

/// <summary>
/// Steps of training beside PyTorch, in turn, each visit in a process of its own; writes <c>training-CPU.md</c> to the results.
/// </summary>
internal static class StepContest
{
    private const string ReferenceBlas = "/usr/lib/x86_64-linux-gnu/blas/libblas.so.3";

    private static readonly (StepShape Shape, bool HasPeer)[] Rows =
    [
        (new StepShape("base", 8, 128, 2, 0, IsWhole: false), true),
        (new StepShape("base", 8, 128, 2, 0.1, IsWhole: true), true),
        (new StepShape("mini", 64, 128, 2, 0, IsWhole: true), true),
        (new StepShape("base", 8, 128, 1, 0, IsWhole: false), false),
    ];

    public static void Run(int rounds, int runs)
    {
        ComparisonPaths paths = ComparisonPaths.Find();
        Peer pytorch = Peer.All(paths.Scripts, paths.Modules).Single(peer => peer.Name == "PyTorch");
        List<string> lines =
        [
            "# Steps of training", "",
            $"{Machine.Processor}, {Machine.System}. `BertSharp.Benchmarks steps {rounds} {runs}`: in turn, a process a visit, {runs} steps a visit after two; medians of",
            $"{rounds} rounds. The share is of the FMA peak measured around each step, FLOP are three times the forward pass; memory is the process's largest.", "",
            "| step | threads | ms | GFLOP/s | of the peak | tokens/s | memory, MB | formula, MB | PyTorch with OpenBLAS, ms | ratio | lowest to highest |",
            "|---|---|---|---|---|---|---|---|---|---|---|",
        ];
        foreach ((StepShape shape, bool hasPeer) in Rows)
        {
            List<StepTimes> own = [], peer = [];
            for (int round = 0; round < rounds; round++)
            {
                own.Add(Visit(Environment.ProcessPath!, ["step", .. shape.Arguments], pytorch.Environment(shape.Threads), runs));
                if (hasPeer && pytorch.Absent is null)
                {
                    peer.Add(Visit(pytorch.Program, [Path.Combine(paths.Scripts, "pytorch_step.py"), .. shape.Arguments], pytorch.Environment(shape.Threads), runs));
                }
            }

            lines.Add(Row(shape, own, peer));
            Console.WriteLine(lines[^1]);
            File.WriteAllLines(Path.Combine(paths.Results, $"training-{Machine.Generation}.md"), lines);
        }

        if (pytorch.Absent is null && File.Exists(ReferenceBlas))
        {
            // What apt installs beside python3-torch where nobody asks for more.
            StepShape shape = Rows[0].Shape;
            Dictionary<string, string> environment = new(pytorch.Environment(shape.Threads)) { ["LD_PRELOAD"] = ReferenceBlas };
            double seconds = Visit(pytorch.Program, [Path.Combine(paths.Scripts, "pytorch_step.py"), .. shape.Arguments], environment, 1, "0").Median;
            lines.AddRange(["", string.Create(CultureInfo.InvariantCulture, $"PyTorch as apt installs it, with the reference BLAS: the first row in {seconds:F1} s (one step).")]);
            Console.WriteLine(lines[^1]);
            File.WriteAllLines(Path.Combine(paths.Results, $"training-{Machine.Generation}.md"), lines);
        }
    }

    private static string Row(StepShape shape, List<StepTimes> own, List<StepTimes> peer)
    {
        double median = Median(own.Select(visit => visit.Median));
        double share = Median(own.Select(visit => Median(visit.Seconds.Zip(visit.Peaks, (seconds, peak) => shape.Flop / seconds / peak / 1e9))));
        double memory = own.Max(visit => visit.PeakBytes) / 1e6;
        double[] ratios = [.. own.Zip(peer, (us, them) => them.Median / us.Median).Order()];
        string beside = ratios.Length == 0 ? "| | |" : string.Create(CultureInfo.InvariantCulture, $"{Median(peer.Select(visit => visit.Median)) * 1e3:F0} | {Median(ratios):F2} | {ratios[0]:F2}–{ratios[^1]:F2} |");
        string name = $"{(shape.Model == "base" ? "BERT-Base" : "bertsharp-mini")}, {shape.Sequences} × {shape.Tokens}, {(shape.IsWhole ? "whole step" : "forward and backward")}, dropout {shape.Dropout.ToString(CultureInfo.InvariantCulture)}";
        string formula = shape.IsWhole ? (shape.PredictedBytes() / 1e6).ToString("F0", CultureInfo.InvariantCulture) : "";
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {shape.Threads} | {median * 1e3:F0} | {shape.Flop / median / 1e9:F0} | {share:P1} | {shape.Sequences * shape.Tokens / median:F0} | {memory:F0} | {formula} | {beside}");
    }

    private static StepTimes Visit(string program, string[] arguments, Dictionary<string, string> environment, int runs, params string[] more)
    {
        ProcessStartInfo start = new(program, [.. arguments, runs.ToString(CultureInfo.InvariantCulture), .. more]) { RedirectStandardOutput = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<StepTimes>(output, PeerProcess.Json)!
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}; what it wrote is above.");
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
