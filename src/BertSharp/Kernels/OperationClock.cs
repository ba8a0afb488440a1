using System.Diagnostics;

namespace BertSharp;

/// <summary>
/// Times the operations of the forward passes that it is given to by <see cref="ForwardOptions.Clock"/>, added over passes.
/// Thread-safe. Results keep their bits; a reading takes some 25 ns, and attention takes four for each head and block of
/// queries, so that a pass over short texts takes longer with a clock than without.
/// </summary>
public sealed class OperationClock
{
    internal static readonly int Operations = Enum.GetValues<Operation>().Length;

    private readonly Lock _lock = new();
    private readonly long[] _ticks = new long[Operations];
    private readonly long[] _calls = new long[Operations];
    private long _elapsed;
    private long _threadTime;
    private int _passes;

    /// <summary>Passes that ran to their end.</summary>
    public int Passes => Read(ref _passes);

    /// <summary>The time of these passes, each from its begin to its end.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(0, Read(ref _elapsed));

    /// <summary>
    /// The same, each times its threads. What no operation has of it is the rest: dealing the batch, waking threads, and
    /// waiting for the last of those that ran sequences by themselves.
    /// </summary>
    public TimeSpan ThreadTime => Stopwatch.GetElapsedTime(0, Read(ref _threadTime));

    /// <summary>Calls and time of one operation.</summary>
    public OperationTime this[Operation operation]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)operation, (uint)Operations, nameof(operation));
            lock (_lock)
            {
                return new OperationTime(_calls[(int)operation], Stopwatch.GetElapsedTime(0, _ticks[(int)operation]));
            }
        }
    }

    /// <summary>Adds what a thread has timed.</summary>
    internal void Add(OperationLaps laps)
    {
        lock (_lock)
        {
            for (int i = 0; i < Operations; i++)
            {
                _ticks[i] += laps.Ticks[i];
                _calls[i] += laps.Calls[i];
            }
        }
    }

    /// <summary>Adds a pass that began at <paramref name="start"/>, a timestamp of <see cref="Stopwatch"/>, and ends now.</summary>
    internal void AddPass(long start, int threads)
    {
        long elapsed = Stopwatch.GetTimestamp() - start;
        lock (_lock)
        {
            _passes++;
            _elapsed += elapsed;
            _threadTime += elapsed * threads;
        }
    }

    private T Read<T>(ref T value)
    {
        lock (_lock)
        {
            return value;
        }
    }
}
