using System.Globalization;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Train;

/// <summary>
/// Runs with every learning rate and seed, one after the other, each in a folder of its own, so that the whole can be stopped and
/// goes on; the best model is copied to <c>best</c>.
/// </summary>
/// <param name="training">How each is trained, but for the rate and the seed.</param>
/// <param name="hasFolders">Whether each has a folder of its own; else there is but one, in the run's.</param>
/// <param name="rates">The learning rates.</param>
/// <param name="seeds">The seeds.</param>
internal sealed class Sweep(TrainingOptions training, bool hasFolders, IReadOnlyList<double> rates, IReadOnlyList<ulong> seeds)
{
    private readonly List<SweepRun> _runs = [];

    /// <summary>Runs them all, until one is cancelled. One whose loss is no number is noted, and the next begins.</summary>
    public void Run(CommandContext context, Func<TrainingOptions, IProgress<TrainingProgress>, TrainingResult> train)
    {
        TrainingOptions[] all = [.. rates.SelectMany(rate => seeds.Select(seed => training with { LearningRate = rate, Seed = seed, Folder = FolderOf(rate, seed) }))];
        foreach (TrainingOptions one in all)
        {
            try
            {
                TrainingResult result = TrainingView.Watch($"run {_runs.Count + 1} of {all.Length}", context, progress => train(one, progress));
                ConsoleProgress.WriteLine($"{Path.GetFileName(one.Folder)}: {TrainingView.Describe(result)}");
                _runs.Add(new SweepRun(one, result));
                if (result.End == TrainingEnd.Cancelled)
                {
                    return;
                }
            }
            catch (NotFiniteNumberException error)
            {
                CommandContext.Warn($"{Path.GetFileName(one.Folder)}: {error.Message}");
                _runs.Add(new SweepRun(one, null, error.Message));
            }
        }

        Keep();
    }

    /// <summary>Whether the user has stopped it.</summary>
    public bool IsCancelled => _runs is [.., { Result.End: TrainingEnd.Cancelled }];

    /// <summary>Writes a row for each run, and of several seeds the median of each rate; or all of it as JSON.</summary>
    public void Write(ResultWriter results)
    {
        if (results.IsJson)
        {
            results.WriteDocument(json =>
            {
                json.WriteStartArray("runs");
                foreach (SweepRun run in _runs)
                {
                    json.WriteStartObject();
                    json.WriteNumber("learning_rate", run.Training.LearningRate);
                    json.WriteNumber("seed", run.Training.Seed);
                    json.WriteNumber("steps", run.Result?.Step ?? 0);
                    json.WriteFinite("score", run.Result?.BestScore ?? double.NaN);
                    json.WriteNumber("best_step", run.Result?.BestStep ?? 0);
                    json.WriteString("model", run.Result?.ModelFolder);
                    json.WriteString("problem", run.Problem);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteString("metric", Metric);
                json.WriteString("best", Best?.Result?.ModelFolder);
            });
            return;
        }

        TextTable table = new("#learning rate", "#seed", "#steps", $"#{Metric ?? "score"}", "#at step", "model");
        foreach (IGrouping<double, SweepRun> group in _runs.GroupBy(run => run.Training.LearningRate))
        {
            foreach (SweepRun run in group)
            {
                table.Add(Text(group.Key), run.Training.Seed.ToString(CultureInfo.InvariantCulture), $"{run.Result?.Step}", ScoreText(run.Result?.BestScore), $"{run.Result?.BestStep}", run.Result?.ModelFolder ?? run.Problem ?? "");
            }

            if (group.Count() > 1)
            {
                table.Add(Text(group.Key), "median", "", ScoreText(Median([.. group.Select(run => run.Result?.BestScore ?? double.NegativeInfinity)])), "", "");
            }
        }

        foreach (string line in table.Lines(OutputFormat.Table))
        {
            results.WriteLine(line);
        }
    }

    private string? Metric => _runs.Select(run => run.Result?.Metric).FirstOrDefault(metric => metric is not null);

    // A run without validation has no score: then none is the best.
    private SweepRun? Best => _runs.Where(run => run.Result?.BestScore is not null).MaxBy(run => run.Result!.BestScore);

    private void Keep()
    {
        if (!hasFolders || Best is not { Result.ModelFolder: { } model })
        {
            return;
        }

        string best = Path.Combine(Path.GetFullPath(training.Folder), "best");
        if (Directory.Exists(best))
        {
            Directory.Delete(best, recursive: true);
        }

        AtomicFolder.Create(best, folder =>
        {
            foreach (string file in Directory.EnumerateFiles(model))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }
        });
    }

    private string FolderOf(double rate, ulong seed) => !hasFolders ? training.Folder : Path.Combine(training.Folder, string.Create(CultureInfo.InvariantCulture, $"rate-{Text(rate)}-seed-{seed}"));

    // What diverged counts as the least.
    private static double Median(double[] scores)
    {
        Array.Sort(scores);
        return (scores[(scores.Length - 1) / 2] + scores[scores.Length / 2]) / 2;
    }

    private static string Text(double rate) => rate.ToString("0.######e0", CultureInfo.InvariantCulture);

    private static string ScoreText(double? score) => score is { } value && double.IsFinite(value) ? value.ToString("0.0000", CultureInfo.InvariantCulture) : "";
}
