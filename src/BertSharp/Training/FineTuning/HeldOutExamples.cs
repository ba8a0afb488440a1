namespace BertSharp;

/// <summary>Examples by which a model is measured while it is trained.</summary>
/// <param name="Hash">What identifies them.</param>
/// <param name="Metrics">The figures that may decide which model is best, all of them the better the higher; by default the first.</param>
/// <param name="Measure">Gives all figures of the model as it is.</param>
internal sealed record HeldOutExamples(string Hash, IReadOnlyList<string> Metrics, Func<CancellationToken, IReadOnlyList<KeyValuePair<string, double>>> Measure);
