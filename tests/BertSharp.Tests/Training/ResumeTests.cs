using System.Diagnostics;
using System.Globalization;

namespace BertSharp.Tests;

/// <summary>Promise 2: a run that was stopped anywhere and resumed gives the bytes of a straight one.</summary>
[Collection(Widths.Alone)]
public sealed class ResumeTests : IDisposable
{
    private const string Child = "BERTSHARP_TEST_RUN";

    // A child that is killed would leave a folder of its own behind.
    private readonly string? _folder = Environment.GetEnvironmentVariable(Child) is null ? Directory.CreateTempSubdirectory("bertsharp-resume-").FullName : null;

    public void Dispose()
    {
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public void Fifty_runs_stopped_at_random_on_other_threads_and_widths_end_as_a_straight_one()
    {
        string straight = Path.Combine(_folder!, "straight");
        Finish(straight, size: 5000);
        Random random = new(6);
        for (int run = 0; run < 50; run++)
        {
            string stopped = Path.Combine(_folder!, "stopped");
            int stops = 0;
            while (stops < 4 && !StopAtRandom(stopped, random))
            {
                stops++;
            }

            Finish(stopped, size: 5000);
            AssertSame(straight, stopped, $"run {run} of seed 6 with {stops} stops");
            Directory.Delete(stopped, recursive: true);
        }
    }

    [Fact]
    public void Runs_killed_while_a_checkpoint_is_written_end_as_a_straight_one() => KillAndCompare(kills: 4);

    [Fact]
    [Trait("suite", "long")]
    public void Fifty_runs_killed_while_a_checkpoint_is_written_end_as_a_straight_one() => KillAndCompare(kills: 50);

    /// <summary>Trains in a process of its own, and kills itself as <c>kill -9</c> does once a checkpoint is half written.</summary>
    [Fact(Explicit = true)]
    public void In_a_child()
    {
        string[] arguments = Environment.GetEnvironmentVariable(Child)!.Split('|');
        string folder = arguments[0];
        int checkpoints = int.Parse(arguments[1], CultureInfo.InvariantCulture), written = 0;
        using FileSystemWatcher watcher = new(folder, "*.tmp") { EnableRaisingEvents = true };
        watcher.Created += (_, created) =>
        {
            if (Path.GetFileName(created.FullPath).StartsWith("step-", StringComparison.Ordinal) && written++ == checkpoints)
            {
                Process.GetCurrentProcess().Kill();
            }
        };
        Finish(folder, size: 1_000_000);
        Process.GetCurrentProcess().Kill();
    }

    private static TrainingOptions Options(string folder) => new()
    {
        Folder = folder,
        Steps = 24,
        LearningRate = 0.05,
        Warmup = 3,
        Schedule = ScheduleKind.Cosine,
        Optimizer = OptimizerKind.Lamb,
        CheckpointSteps = 4,
        ValidationSteps = 5,
        LayerwiseDecay = 0.9,
    };

    private static void Finish(string folder, int size)
    {
        using SmallJob job = new(size);
        using Trainer trainer = new(job, Options(folder));
        Assert.Equal(TrainingEnd.Finished, trainer.Fit(null, CancellationToken.None).End);
    }

    // One leg of a run: stopped by a wish between steps, within a step, a validation, or by a fall that saves nothing.
    private static bool StopAtRandom(string folder, Random random)
    {
        using CancellationTokenSource source = new();
        using SmallJob job = new(5000);
        int step = random.Next(24), kind = random.Next(5), events = random.Next(4);
        job.OnStep = now => Stop(now >= step && kind is 0 or 1);
        job.OnEvent = _ => Stop(events-- == 0 && kind is 2 or 3);
        bool finished = false;
        Threads.At(random.Next(1, 3), () => Widths.At(Widths.All[random.Next(Widths.All.Length)], () =>
        {
            using Trainer trainer = new(job, Options(folder));
            try
            {
                finished = trainer.Fit(new Immediate<TrainingProgress>(report => Stop(kind == 4 && report.Step >= step)), source.Token).End == TrainingEnd.Finished;
            }
            catch (TimeoutException)
            {
            }
        }));
        return finished;

        void Stop(bool now)
        {
            if (now && kind is 1 or 3)
            {
                throw new TimeoutException("The machine fell.");
            }

            if (now)
            {
                source.Cancel();
            }
        }
    }

    private void KillAndCompare(int kills)
    {
        string straight = Path.Combine(_folder!, "straight"), killed = Directory.CreateDirectory(Path.Combine(_folder!, "killed")).FullName;
        Finish(straight, size: 1_000_000);
        int halves = 0;
        Random random = new(9);
        for (int kill = 0; kill < kills; kill++)
        {
            (int exitCode, string text) = ChildProcess.Run(typeof(ResumeTests), nameof(In_a_child), Child, $"{killed}|{random.Next(2)}");
            Assert.True(exitCode == 137, text);
            halves += Directory.EnumerateFiles(killed, "*.tmp").Count();
            if (Directory.EnumerateFiles(killed, "step-000000000024.checkpoint").Any() || kill == kills - 1)
            {
                Finish(killed, size: 1_000_000);
                AssertSame(straight, killed, $"after {kill + 1} kills");
                Directory.Delete(killed, recursive: true);
                Directory.CreateDirectory(killed);
            }
        }

        Assert.True(halves >= kills / 2, $"{halves} of {kills} kills came while a checkpoint was written.");
    }

    private static void AssertSame(string straight, string stopped, string what)
    {
        foreach (string name in new[] { "log.jsonl", "step-000000000024.checkpoint", "best/weights.bin", "last/weights.bin" })
        {
            Assert.True(File.ReadAllBytes(Path.Combine(straight, name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(stopped, name))), $"{name} differs: {what}.");
        }
    }
}
