namespace BertSharp;

/// <summary>The learning rate's factor at every update, as transformers' schedules give it.</summary>
/// <param name="Kind">What follows the warm-up.</param>
/// <param name="Warmup">Updates in which the factor rises from 0.</param>
/// <param name="Decay">Updates in which it falls at the end; <see cref="ScheduleKind.WarmupStableDecay"/> alone has them.</param>
/// <param name="Steps">Updates in total.</param>
internal sealed record LearningRateSchedule(ScheduleKind Kind, long Warmup, long Decay, long Steps)
{
    /// <summary>The schedule of a run; shares of it are rounded up to whole updates.</summary>
    public static LearningRateSchedule Of(TrainingOptions options, long steps) =>
        new(options.Schedule, Updates(options.Warmup, steps), Updates(options.Decay, steps), steps);

    /// <summary>The factor, 0 to 1.</summary>
    /// <param name="update">The update, from 0: the first of a warm-up has the factor 0, as in transformers.</param>
    public double Factor(long update) => update < Warmup ? (double)update / Warmup : Kind switch
    {
        ScheduleKind.Linear => Remaining(update, Steps - Warmup),
        ScheduleKind.Cosine => 0.5 * (1 + CosineOfPi.Of(1 - Remaining(update, Steps - Warmup))),
        ScheduleKind.Constant => 1,
        ScheduleKind.WarmupStableDecay => update < Steps - Decay ? 1 : Remaining(update, Decay),
        _ => throw new ArgumentOutOfRangeException(nameof(update), Kind, "Not a schedule."),
    };

    /// <summary>A number of updates, or below 1 a share of all, rounded up.</summary>
    public static long Updates(double value, long steps) => (long)Math.Ceiling(value < 1 ? value * steps : value);

    // The share of a fall that is still to come; 0 behind its end.
    private double Remaining(long update, long length) => Math.Max(0, Steps - update) / (double)Math.Max(1, length);
}
