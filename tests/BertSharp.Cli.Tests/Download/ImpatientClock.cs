using System.Collections.Concurrent;

namespace BertSharp.Cli.Tests.Download;

/// <summary>A clock whose every wait is over at once; it tells how long it would have been.</summary>
internal sealed class ImpatientClock : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _waits = new();

    public TimeSpan[] Waits => [.. _waits];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _waits.Enqueue(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
    }
}
