using System.Diagnostics;

namespace BertSharp;

/// <summary>
/// One thread's times by operation. Each end of an operation is the start of the next, so no time is left out between
/// the first and the last.
/// </summary>
internal sealed class OperationLaps
{
    private readonly long[] _ticks = new long[OperationClock.Operations];
    private readonly long[] _calls = new long[OperationClock.Operations];
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Stopwatch ticks by operation.</summary>
    public ReadOnlySpan<long> Ticks => _ticks;

    /// <summary>Ends by operation.</summary>
    public ReadOnlySpan<long> Calls => _calls;

    /// <summary>Charges the time since the last end, or since the start, to <paramref name="operation"/>.</summary>
    public void End(Operation operation)
    {
        long now = Stopwatch.GetTimestamp();
        _ticks[(int)operation] += now - _last;
        _calls[(int)operation]++;
        _last = now;
    }
}
