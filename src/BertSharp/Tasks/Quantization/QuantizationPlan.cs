namespace BertSharp;

/// <summary>What a <see cref="QuantizationGate"/> found: <see cref="ModelQuantizer"/> writes it.</summary>
/// <param name="Config">The format, and the layers that stay float32.</param>
/// <param name="Before">The drop with every layer quantized that may be.</param>
/// <param name="After">The drop with <paramref name="Config"/>.</param>
/// <param name="Modules">Every layer, in the model's order.</param>
/// <param name="IsReached">False where every layer would have to stay float32: then there is nothing to write.</param>
public sealed record QuantizationPlan(QuantizationConfig Config, QuantizationDrop Before, QuantizationDrop After, IReadOnlyList<QuantizationModule> Modules, bool IsReached);
