namespace BertSharp;

/// <summary>
/// The folder of a training run, held by one process at a time: <c>step-NUMBER.checkpoint</c> (the last two), <c>log.jsonl</c>,
/// <c>timing.jsonl</c>, <c>curve.svg</c>, and the models <c>best</c> and <c>last</c>.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private const string Extension = ".checkpoint";

    private readonly FileStream _lock;

    private RunFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What is reproducible of every step.</summary>
    public string Log => System.IO.Path.Combine(Path, "log.jsonl");

    /// <summary>How long every step took.</summary>
    public string Timing => System.IO.Path.Combine(Path, "timing.jsonl");

    /// <summary>The log as a picture.</summary>
    public string Curve => System.IO.Path.Combine(Path, "curve.svg");

    /// <summary>The model with the best validation.</summary>
    public string Best => System.IO.Path.Combine(Path, "best");

    /// <summary>The model after the last step.</summary>
    public string Last => System.IO.Path.Combine(Path, "last");

    /// <summary>Checkpoints by step, the newest first.</summary>
    public IReadOnlyList<(long Step, string File)> Checkpoints =>
    [
        .. Directory.EnumerateFiles(Path, $"step-*{Extension}")
            .Select(file => (Step: long.TryParse(System.IO.Path.GetFileNameWithoutExtension(file)["step-".Length..], out long step) ? step : -1, file))
            .Where(checkpoint => checkpoint.Step >= 0)
            .OrderByDescending(checkpoint => checkpoint.Step),
    ];

    /// <summary>Opens or creates a run's folder, and removes what a killed process left half written.</summary>
    /// <exception cref="CheckpointException">Another process trains in it.</exception>
    public static RunFolder Open(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(full);
        FileStream held = Hold(full);
        foreach (string file in Directory.EnumerateFiles(full, "*.tmp"))
        {
            File.Delete(file);
        }

        foreach (string folder in Directory.EnumerateDirectories(full, "*.tmp"))
        {
            Directory.Delete(folder, recursive: true);
        }

        return new RunFolder(full, held);
    }

    /// <summary>The file of a step's checkpoint; twelve digits, so that names sort as numbers do.</summary>
    public string CheckpointFile(long step) => System.IO.Path.Combine(Path, FormattableString.Invariant($"step-{step:D12}{Extension}"));

    /// <summary>Deletes all checkpoints but the newest two.</summary>
    public void KeepTwoCheckpoints()
    {
        foreach ((_, string file) in Checkpoints.Skip(2))
        {
            File.Delete(file);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    // The lock ends with the process, however it ends; the file stays.
    private static FileStream Hold(string folder)
    {
        string file = System.IO.Path.Combine(folder, "run.lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new CheckpointException(file, $"cannot be locked ({e.Message}): another process trains in this folder; wait for it or give another folder", inner: e);
        }
    }
}
