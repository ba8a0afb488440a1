using BenchmarkDotNet.Configs;

namespace BertSharp.Benchmarks;

/// <summary>On an <see cref="IFlop"/>: columns for GFLOP/s and their share of the FMA peak, which is measured after the run.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class FlopColumnsAttribute : Attribute, IConfigSource
{
    /// <inheritdoc/>
    public IConfig Config { get; } = ManualConfig.CreateEmpty().AddColumn(new FlopColumn(share: false), new FlopColumn(share: true));
}
