namespace BertSharp.Cli.Bench;

/// <summary>What is timed.</summary>
/// <param name="Sequences">Sequences of a batch, B.</param>
/// <param name="Tokens">Tokens of each sequence, S.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Runs">Timed passes.</param>
/// <param name="PerOperation">Time as many passes more with a clock of their operations.</param>
internal sealed record BenchOptions(int Sequences, int Tokens, int Threads, int Runs, bool PerOperation);
