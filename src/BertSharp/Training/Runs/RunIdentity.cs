using System.Globalization;

namespace BertSharp;

/// <summary>What must not change when a run is resumed, by name: all that its bits depend on.</summary>
internal static class RunIdentity
{
    /// <summary>The job's identity and the options that reach a weight, the log, or the choice of the best model.</summary>
    public static SortedDictionary<string, string> Of(TrainingJob job, TrainingOptions options, long steps)
    {
        SortedDictionary<string, string> identity = new(StringComparer.Ordinal)
        {
            ["Steps"] = Text(steps),
            ["LearningRate"] = Text(options.LearningRate),
            ["Schedule"] = $"{options.Schedule}",
            ["Warmup"] = Text(options.Warmup),
            ["Decay"] = Text(options.Decay),
            ["Optimizer"] = $"{options.Optimizer}",
            ["Beta1"] = Text(options.Beta1),
            ["Beta2"] = Text(options.Beta2),
            ["Epsilon"] = options.Epsilon is double epsilon ? Text(epsilon) : "the optimizer's",
            ["WeightDecay"] = Text(options.WeightDecay),
            ["NoDecay"] = string.Join(' ', options.NoDecay),
            ["MaxGradientNorm"] = Text(options.MaxGradientNorm),
            ["LayerwiseDecay"] = Text(options.LayerwiseDecay),
            ["Dropout"] = options.Dropout is double dropout ? Text(dropout) : "the model's",
            ["Freeze"] = string.Join(' ', options.Freeze),
            ["Seed"] = Text(options.Seed),
            ["ValidationSteps"] = options.ValidationSteps is long interval ? Text(interval) : "once a pass",
            ["Patience"] = Text(options.Patience),
        };
        foreach ((string name, string value) in job.Identity)
        {
            identity.Add($"job.{name}", value);
        }

        return identity;
    }

    /// <summary>
    /// Refuses a checkpoint of other options, naming each with its old and new value. The end of a run with
    /// <see cref="ScheduleKind.WarmupStableDecay"/> may move as long as its fall has not begun, unless the warm-up is a share of all
    /// steps: nothing before depends on it.
    /// </summary>
    /// <param name="file">The checkpoint.</param>
    /// <param name="stored">Its options.</param>
    /// <param name="now">Those that it is to go on with.</param>
    /// <param name="step">Its step.</param>
    /// <exception cref="CheckpointException">Something differs.</exception>
    public static void RequireSame(string file, IReadOnlyDictionary<string, string> stored, IReadOnlyDictionary<string, string> now, long step)
    {
        HashSet<string> free = step <= FirstOfFall(stored) && step <= FirstOfFall(now) ? ["Steps", "Decay", "job.LongShare"] : [];
        string[] changes =
        [
            .. stored.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
                .Where(name => !free.Contains(name) && stored.GetValueOrDefault(name) != now.GetValueOrDefault(name))
                .Select(name => $"{name} was {Show(stored, name)}, is {Show(now, name)}"),
        ];
        if (changes.Length > 0)
        {
            throw new CheckpointException(file, $"the run was started with other options: {string.Join("; ", changes)}. Give the old ones to resume it, or another folder to start anew");
        }
    }

    /// <summary>The update with which a fall begins before which nothing depends on the end; −1 where there is none.</summary>
    private static long FirstOfFall(IReadOnlyDictionary<string, string> identity)
    {
        if (identity.GetValueOrDefault("Schedule") != $"{ScheduleKind.WarmupStableDecay}" || double.Parse(identity["Warmup"], CultureInfo.InvariantCulture) is > 0 and < 1)
        {
            return -1;
        }

        long steps = long.Parse(identity["Steps"], CultureInfo.InvariantCulture);
        return steps - LearningRateSchedule.Updates(double.Parse(identity["Decay"], CultureInfo.InvariantCulture), steps);
    }

    private static string Show(IReadOnlyDictionary<string, string> values, string name) =>
        values.TryGetValue(name, out string? value) ? $"'{CheckpointException.Show(value)}'" : "absent";

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
