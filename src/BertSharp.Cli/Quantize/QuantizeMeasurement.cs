namespace BertSharp.Cli.Quantize;

/// <summary>What was measured on the user's data.</summary>
/// <param name="Measure">What the drop is, in words.</param>
/// <param name="Texts">Texts or pairs of the data.</param>
/// <param name="MaxDrop">The drop that was allowed.</param>
/// <param name="Before">The drop with every layer quantized.</param>
/// <param name="After">The drop of what was written.</param>
internal sealed record QuantizeMeasurement(string Measure, int Texts, double MaxDrop, QuantizationDrop Before, QuantizationDrop After);
