namespace BertSharp;

/// <summary>What an <see cref="OperationClock"/> holds of one operation.</summary>
/// <param name="Calls">How often a thread ended its share of it.</param>
/// <param name="Time">The time of all threads in it, added.</param>
public readonly record struct OperationTime(long Calls, TimeSpan Time);
