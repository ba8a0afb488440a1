using System.Globalization;

namespace BertSharp.Cli.Bench;

/// <summary>What the machine can do at most with one kind of instruction: the yardstick of a speed.</summary>
/// <param name="Name"><c>fma</c>, fused multiply-adds of float32 values, or <c>int8</c>, products of int8 values.</param>
/// <param name="Gflops">10⁹ operations a second, two for a multiplication and an addition.</param>
internal sealed record Peak(string Name, double Gflops)
{
    /// <summary>Measures the peak of the instructions that multiply by most weights of a model.</summary>
    public static Peak Measure(BertConfig config, int threads) =>
        config.QuantizationConfig?.Weights == WeightFormat.Int8Dynamic ? new Peak("int8", MachinePeak.MeasureInt8(threads)) : MeasureFma(threads);

    /// <summary>Measures the peak of float32 values.</summary>
    public static Peak MeasureFma(int threads) => new("fma", MachinePeak.MeasureFma(threads));

    /// <summary>For a line of text: <c>FMA peak of 470.0 GFLOP/s</c>.</summary>
    public override string ToString()
    {
        string gflops = Gflops.ToString("N1", CultureInfo.InvariantCulture);
        return Name == "int8" ? $"int8 peak of {gflops} GOP/s" : $"FMA peak of {gflops} GFLOP/s";
    }
}
