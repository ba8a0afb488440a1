using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace BertSharp;

/// <summary>
/// <c>timing.jsonl</c>: the seconds and tokens a second of every step; a step that was done again after a stop has two lines. Also
/// the speed of late, for those who wait.
/// </summary>
internal sealed class RunTiming(string file) : IDisposable
{
    // The share of the mean that a step renews: some twenty steps are "of late".
    private const double New = 0.05;

    private readonly FileStream _stream = new(file, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    private long _start;
    private double _seconds;
    private double _tokens;

    /// <summary>Tokens a second of late.</summary>
    public double TokensPerSecond => _seconds > 0 ? _tokens / _seconds : 0;

    /// <summary>A step begins.</summary>
    public void Start() => _start = Stopwatch.GetTimestamp();

    /// <summary>A step has ended.</summary>
    public void Append(long step, long tokens)
    {
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        double share = _seconds == 0 ? 1 : New;
        _seconds += share * (seconds - _seconds);
        _tokens += share * (tokens - _tokens);
        _stream.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"step\":{step},\"seconds\":{seconds:0.######},\"tokens_per_second\":{tokens / Math.Max(seconds, 1e-9):0.#}}}\n")));
    }

    /// <summary>The time that steps will take at the speed of late.</summary>
    public TimeSpan TimeFor(long steps) => TimeSpan.FromSeconds(Math.Min(_seconds * steps, TimeSpan.MaxValue.TotalSeconds / 2));

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
