namespace BertSharp.Benchmarks;

/// <summary>A benchmark that knows its work: <see cref="FlopColumnsAttribute"/> adds GFLOP/s and the share of the FMA peak.</summary>
public interface IFlop
{
    /// <summary>Floating point operations of one call, with the parameters as they are set.</summary>
    double Flop { get; }

    /// <summary>Threads that a call uses.</summary>
    int Threads { get; }
}
