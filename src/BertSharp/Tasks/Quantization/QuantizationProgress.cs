namespace BertSharp;

/// <summary>How far a <see cref="QuantizationGate"/> is.</summary>
/// <param name="Texts">Texts that went through a model, each counted as often as it did.</param>
/// <param name="Share">Share of the most that may be needed, 0 to 1.</param>
public readonly record struct QuantizationProgress(long Texts, double Share);
