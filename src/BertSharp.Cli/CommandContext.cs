using System.Runtime.InteropServices;
using BertSharp.Cli.Output;

namespace BertSharp.Cli;

/// <summary>
/// What every verb is given: the wish to stop, and the way to its results. The first Ctrl-C asks to stop; where the verb is
/// stuck in a read from a terminal or a pipe, the results that are finished are written and the process ends.
/// </summary>
internal sealed class CommandContext : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly ManualResetEventSlim _ended = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private ResultWriter? _results;
    private volatile bool _saves;

    public CommandContext()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    }

    public CancellationToken Cancellation => _stop.Token;

    /// <summary>Opens the results of this run: a file, or standard output where <paramref name="path"/> is null.</summary>
    public ResultWriter OpenResults(string? path, string format)
    {
        bool standard = path is null or "-";
        Stream stream = standard ? StandardOutput.Open() : new FileStream(path!, FileMode.Create, FileAccess.Write);
        return _results = new ResultWriter(stream, format, standard ? Terminal.OfStandardOutput() : Terminal.Plain);
    }

    /// <summary>A verb that has something to save takes the time that it needs, once it is asked to stop; asked twice, the process ends.</summary>
    public void LeaveTimeToSave() => _saves = true;

    /// <summary>One line on standard error that does not end the run.</summary>
    public static void Warn(string message) => ConsoleProgress.WriteLine($"bert: warning: {message}");

    public void Dispose()
    {
        _ended.Set();
        _interrupt.Dispose();
        _terminate.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        if (_stop.IsCancellationRequested)
        {
            return; // Asked twice: the signal ends the process.
        }

        signal.Cancel = true;
        _stop.Cancel();
        Thread watch = new(EndAfterGrace) { IsBackground = true };
        watch.Start();
    }

    private void EndAfterGrace()
    {
        if (!_saves && !_ended.Wait(Grace))
        {
            _results?.End();
            Environment.Exit(ExitCode.Interrupted);
        }
    }
}
