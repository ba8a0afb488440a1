namespace BertSharp;

/// <summary>A linear layer in a <see cref="QuantizationPlan"/>.</summary>
/// <param name="Name">Such as <c>bert.encoder.layer.0.output.dense</c>.</param>
/// <param name="Sensitivity">What quantizing this layer alone changes, on a sample; null where that was not measured.</param>
/// <param name="Kept">Whether it stays float32.</param>
public sealed record QuantizationModule(string Name, QuantizationDrop? Sensitivity, bool Kept);
