namespace BertSharp.Cli.Train;

/// <summary>One run of a sweep.</summary>
/// <param name="Training">How it was trained.</param>
/// <param name="Result">What came out; null where its loss was no number.</param>
/// <param name="Problem">Why there is no result.</param>
internal sealed record SweepRun(TrainingOptions Training, TrainingResult? Result, string? Problem = null);
