using System.Diagnostics;
using BertSharp.Cli.Download;

namespace BertSharp.Cli.Tests.Download;

/// <summary>The lock between processes, whatever they are written in.</summary>
public sealed class FileLockTests
{
    private readonly string _path = Path.Combine(Workplace.New(), "x.lock");

    [Fact]
    public async Task A_lock_that_another_program_took_with_flock_is_waited_for()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "/usr/bin/flock is absent.");
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        using Process holder = Process.Start(new ProcessStartInfo("/usr/bin/flock", [_path, "sh", "-c", "echo held; read line"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync());
        int told = 0;
        using IDisposable hold = await FileLock.TakeAsync(_path, Tell, new ImpatientClock(), CancellationToken.None);
        Assert.Equal(1, told);
        await holder.WaitForExitAsync();

        void Tell()
        {
            told++;
            holder.StandardInput.WriteLine();
            holder.StandardInput.Flush();
        }
    }

    [Fact]
    public async Task A_lock_that_is_given_back_is_free()
    {
        for (int i = 0; i < 3; i++)
        {
            using IDisposable hold = await FileLock.TakeAsync(_path, () => Assert.Fail("it is free"), TimeProvider.System, CancellationToken.None);
        }
    }

    [Fact]
    public async Task The_wait_can_be_ended()
    {
        using CancellationTokenSource stop = new();
        using IDisposable hold = await FileLock.TakeAsync(_path, () => { }, TimeProvider.System, CancellationToken.None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FileLock.TakeAsync(_path, stop.Cancel, TimeProvider.System, stop.Token));
    }

    [Fact]
    public async Task Another_trouble_than_a_lock_is_no_reason_to_wait()
    {
        Directory.CreateDirectory(_path);
        await Assert.ThrowsAnyAsync<Exception>(() => FileLock.TakeAsync(_path, () => Assert.Fail("it is not locked"), TimeProvider.System, CancellationToken.None));
    }
}
