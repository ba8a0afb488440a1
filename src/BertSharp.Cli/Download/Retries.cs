using System.Globalization;

namespace BertSharp.Cli.Download;

/// <summary>
/// Counts attempts in a row that bring nothing, and waits between them: 1, 2, 4, then 8 seconds, shortened by up to a half at
/// random so that many clients do not come back together; or as long as the server asks.
/// </summary>
/// <param name="what">What is fetched, for the messages.</param>
/// <param name="clock">Times the waits.</param>
/// <param name="say">Is told of each wait.</param>
internal sealed class Retries(string what, TimeProvider clock, Action<string> say)
{
    /// <summary>Failures in a row that are followed by another attempt.</summary>
    public const int Most = 5;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private int _failures;

    /// <summary>The last attempt brought something: the count starts anew.</summary>
    public void Progressed() => _failures = 0;

    /// <summary>Waits before the next attempt.</summary>
    /// <exception cref="CliException">There have been enough, or the server asks for more patience than is reasonable.</exception>
    public async Task WaitAsync(TransientException failure, CancellationToken cancellation)
    {
        if (++_failures > Most)
        {
            throw new CliException($"{what}: {failure.Message}, {Most + 1} times in a row. Try again later: what was fetched is kept.");
        }

        if (failure.Wait > Longest)
        {
            throw new CliException($"{what}: {failure.Message}, and asks to wait {Seconds(failure.Wait.Value)}. Try again then: what was fetched is kept.");
        }

        TimeSpan wait = failure.Wait ?? TimeSpan.FromSeconds(Math.Min(1 << (_failures - 1), 8) * (1 - (Random.Shared.NextDouble() / 2)));
        say($"{what}: {failure.Message}; trying again in {Seconds(wait)}");
        await Task.Delay(wait, clock, cancellation);
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
