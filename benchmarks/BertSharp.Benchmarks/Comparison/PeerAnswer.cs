namespace BertSharp.Benchmarks.Comparison;

/// <summary>One line from a peer.</summary>
/// <param name="Error">What went wrong; null where nothing did.</param>
/// <param name="Version">Of load.</param>
/// <param name="Seconds">Of run: each pass over all batches.</param>
/// <param name="States">Of states: last hidden states, [H] for each token that was asked for.</param>
internal sealed record PeerAnswer(string? Error = null, string? Version = null, double[]? Seconds = null, float[][]? States = null);
