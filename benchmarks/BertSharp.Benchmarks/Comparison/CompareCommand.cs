using System.Diagnostics;
using System.Globalization;

namespace BertSharp.Benchmarks.Comparison;

/// <summary>The verb <c>compare</c>: BertSharp and its peers in turn, on the same inputs, into <c>benchmarks/results</c>.</summary>
internal static class CompareCommand
{
    /// <summary>The process's exit code.</summary>
    public static int Run(string[] args)
    {
        try
        {
            Measure(args);
            return 0;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or IOException or FormatException)
        {
            Console.Error.WriteLine($"compare: {error.Message}");
            return 1;
        }
    }

    private static void Measure(string[] args)
    {
        CompareOptions options = CompareOptions.Parse(args);
        ComparisonPaths paths = ComparisonPaths.Find();
        Workload[] all = [.. Workloads.All(paths)];
        Workload[] chosen = [.. all.Where(options.Takes)];
        Peer[] peers = Peer.All(paths.Scripts, paths.Modules);
        Peer[] present = [.. peers.Where(peer => peer.Absent is null && options.Takes(peer))];
        Dictionary<string, string> absent = peers.Where(peer => peer.Absent is not null).DistinctBy(peer => peer.Name).ToDictionary(peer => peer.Name, peer => peer.Absent!);
        foreach (var group in chosen.GroupBy(workload => (workload.Model, workload.Threads)))
        {
            using Contest contest = new(present, group.Key.Model, group.Key.Threads, options);
            foreach (Workload workload in group)
            {
                string measured = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd HH:mm}, {Commit(paths)}");
                RowResult row = contest.Measure(workload, measured);
                Write(workload.Table, row, absent, paths, [.. all.Select(one => one.Id)]);
            }
        }
    }

    // After each row, so that a run that is ended early leaves what it has.
    private static void Write(string table, RowResult row, Dictionary<string, string> absent, ComparisonPaths paths, string[] order)
    {
        string path = Path.Combine(paths.Results, $"{table}-{Machine.Generation}.json");
        ComparisonResult own = new(table, Machine.Processor, Environment.ProcessorCount, Machine.System, absent, [row]);
        own.Update(path, order).Write(path);
        Console.WriteLine(string.Join('\n', ResultTable.Lines(own).Where(line => line.StartsWith($"| {row.Title}", StringComparison.Ordinal))));
    }

    private static string Commit(ComparisonPaths paths)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", ["-C", paths.Repository, "describe", "--always", "--dirty", "--exclude", "*"]) { RedirectStandardOutput = true })!;
        return git.StandardOutput.ReadToEnd().Trim();
    }
}
