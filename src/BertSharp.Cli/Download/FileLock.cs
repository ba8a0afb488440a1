namespace BertSharp.Cli.Download;

/// <summary>
/// A lock between processes, huggingface_hub's included: on Unix both lock the file <c>.locks/…/HASH.lock</c> with flock(2),
/// which is what .NET does for a file that is not shared. The system takes it back when its holder ends, however that happens.
/// The file stays: who deletes it may delete a lock that another has just taken.
/// </summary>
internal static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // EAGAIN on Linux, on macOS, and ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] Held = [11, 35, unchecked((int)0x80070020)];

    /// <summary>Waits for the lock, which the caller gives back by disposing of it.</summary>
    /// <param name="path">The lock's file.</param>
    /// <param name="waiting">Called once, where another process has it.</param>
    /// <param name="clock">Times the wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<IDisposable> TakeAsync(string path, Action waiting, TimeProvider clock, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (bool told = false; ; told = true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException error) when (Held.Contains(error.HResult))
            {
                if (!told)
                {
                    waiting();
                }

                await Task.Delay(Pause, clock, cancellation);
            }
        }
    }
}
