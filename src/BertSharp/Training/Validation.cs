namespace BertSharp;

/// <summary>Figures of a model on held-out examples.</summary>
/// <param name="Metric">The name of the figure that decides which model is best.</param>
/// <param name="HigherIsBetter">False for losses.</param>
/// <param name="Figures">All figures by name, <paramref name="Metric"/> among them.</param>
internal sealed record Validation(string Metric, bool HigherIsBetter, IReadOnlyList<KeyValuePair<string, double>> Figures)
{
    /// <summary>The figure that decides.</summary>
    public double Score => Figures.First(figure => figure.Key == Metric).Value;
}
