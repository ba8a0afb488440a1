namespace BertSharp;

/// <summary>Where a training run stands.</summary>
/// <param name="Step">Updates done.</param>
/// <param name="Steps">Updates in total.</param>
/// <param name="Loss">The loss of the last update's examples; NaN before the first.</param>
/// <param name="LearningRate">The last update's learning rate.</param>
/// <param name="GradientNorm">The norm of the last update's gradient before it was clipped.</param>
/// <param name="TokensPerSecond">Of late.</param>
/// <param name="TimeLeft">At the speed of late; validations not counted.</param>
/// <param name="Note">A word about what happened besides: a validation's figures, a checkpoint that was skipped; null: an update.</param>
public sealed record TrainingProgress(
    long Step,
    long Steps,
    double Loss,
    double LearningRate,
    double GradientNorm,
    double TokensPerSecond,
    TimeSpan TimeLeft,
    string? Note = null);
