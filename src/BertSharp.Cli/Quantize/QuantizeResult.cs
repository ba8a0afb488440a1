namespace BertSharp.Cli.Quantize;

/// <summary>What <c>bert quantize</c> did.</summary>
/// <param name="Model">The model as it was named.</param>
/// <param name="Output">The folder that was written.</param>
/// <param name="Modules">Every layer, and whether it stayed float32.</param>
/// <param name="BytesBefore">Bytes of the tensors of the source.</param>
/// <param name="BytesAfter">Bytes of the tensors of the result.</param>
/// <param name="Format">The format, as <c>--to</c> names it.</param>
/// <param name="Measured">What was measured; null without data.</param>
internal sealed record QuantizeResult(string Model, string Output, IReadOnlyList<QuantizationModule> Modules, long BytesBefore, long BytesAfter, string Format, QuantizeMeasurement? Measured);
