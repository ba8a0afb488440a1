using BertSharp.Cli.Output;

namespace BertSharp.Cli.Download;

/// <summary>Asks for room on the disk before a long download, and not after it.</summary>
internal static class DiskSpace
{
    /// <summary>Requires so many free bytes where <paramref name="folder"/> lies.</summary>
    /// <exception cref="CliException">There are fewer.</exception>
    public static void Require(string folder, long bytes)
    {
        Directory.CreateDirectory(folder);
        if (FreeAt(folder) is { } free && free < bytes)
        {
            throw new CliException($"{folder}: the download needs {ByteSize.Text(bytes)}, and the disk has {ByteSize.Text(free)} left; make room, or name another place in HF_HOME");
        }
    }

    // A network share of Windows has no drive to ask.
    private static long? FreeAt(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception error) when (error is ArgumentException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
