namespace BertSharp;

/// <summary>What training has come to.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Metric">What validations measure, by name; null where there are none.</param>
/// <param name="BestScore">The best validation's score; null where there was none.</param>
/// <param name="BestStep">The step of the best model.</param>
/// <param name="ModelFolder">The best model, or the last where there were no validations; null while there is none.</param>
public sealed record TrainingResult(TrainingEnd End, long Step, string? Metric, double? BestScore, long BestStep, string? ModelFolder);
