using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace BertSharp.Cli.Output;

/// <summary>
/// A bar on standard error with rate and time left; nothing where standard error is no terminal, or where results
/// go to the same terminal.
/// </summary>
internal static class ConsoleProgress
{
    /// <summary>The unit of sizes, which are shown in MB and the like.</summary>
    public const string Bytes = "bytes";

    // The terminal while a bar is on it.
    private static IAnsiConsole? _shown;

    /// <summary>One line on standard error, above the bar where there is one.</summary>
    public static void WriteLine(string line)
    {
        if (_shown is { } console)
        {
            console.WriteLine(line);
        }
        else
        {
            Console.Error.WriteLine(line);
        }
    }

    private static bool IsShown(bool resultsOnTerminal) => !Console.IsErrorRedirected && !resultsOnTerminal;

    /// <summary>Runs <paramref name="work"/>, which reports how many are done, and the share of the whole where it is known.</summary>
    /// <param name="title">What is done, such as "embedding".</param>
    /// <param name="unit">What is counted, such as "texts"; empty: only the share is shown.</param>
    /// <param name="resultsOnTerminal">Whether the results themselves go to the terminal.</param>
    /// <param name="work">Is given the reporter: number done, share 0…1 or null.</param>
    public static void Run(string title, string unit, bool resultsOnTerminal, Action<Action<long, double?>> work) =>
        Run(title, unit, resultsOnTerminal, report => work((done, share) => report(done, share, null)));

    /// <summary>The same with a description of its own beside each report.</summary>
    public static void Run(string title, string unit, bool resultsOnTerminal, Action<Action<long, double?, string?>> work)
    {
        if (!IsShown(resultsOnTerminal))
        {
            work(static (_, _, _) => { });
            return;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        _shown = console;
        try
        {
            console.Progress()
                .AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(progress => Show(progress.AddTask(title, maxValue: 1), title, unit, work));
        }
        finally
        {
            _shown = null;
        }
    }

    private static void Show(ProgressTask task, string title, string unit, Action<Action<long, double?, string?>> work)
    {
        task.IsIndeterminate = true;
        Stopwatch clock = Stopwatch.StartNew();
        work((done, share, text) =>
        {
            task.IsIndeterminate = share is null;
            task.Value = share ?? 0;
            task.Description = text ?? (unit.Length == 0 ? title : Describe(title, unit, done, clock.Elapsed.TotalSeconds));
        });
    }

    private static string Describe(string title, string unit, long done, double seconds)
    {
        double rate = done / Math.Max(seconds, 1e-3);
        return unit == Bytes
            ? $"{title} {ByteSize.Text(done)}, {ByteSize.Text((long)rate)}/s"
            : string.Create(CultureInfo.InvariantCulture, $"{title} {done:N0} {unit}, {rate:N0}/s");
    }
}
