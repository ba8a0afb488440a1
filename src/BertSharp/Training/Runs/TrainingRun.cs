using System.Diagnostics;

namespace BertSharp;

/// <summary>A run on the disk: goes on from the newest whole checkpoint, logs steps, and writes checkpoints between them.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly RunFolder _folder;
    private readonly Optimizer _optimizer;
    private readonly TrainingOptions _options;
    private readonly SortedDictionary<string, string> _identity;
    private readonly List<string> _notes = [];
    private long _saved = -1;
    private long _savedAt = Stopwatch.GetTimestamp();

    /// <summary>Opens a folder, and restores weights, moments and state where a run is in it.</summary>
    /// <exception cref="CheckpointException">Another process trains there, options have changed, or no checkpoint is whole.</exception>
    public TrainingRun(TrainingOptions options, SortedDictionary<string, string> identity, Optimizer optimizer)
    {
        (_options, _identity, _optimizer) = (options, identity, optimizer);
        _folder = RunFolder.Open(options.Folder);
        try
        {
            State = Resume();
            Log = new RunLog(_folder.Log, State.LogLength);
            Timing = new RunTiming(_folder.Timing);
        }
        catch
        {
            _folder.Dispose();
            Log?.Dispose();
            throw;
        }
    }

    /// <summary>Where the run stands.</summary>
    public RunState State { get; }

    /// <summary>What is reproducible.</summary>
    public RunLog Log { get; }

    /// <summary>What is not.</summary>
    public RunTiming Timing { get; }

    /// <summary>Where models go.</summary>
    public RunFolder Folder => _folder;

    /// <summary>What happened when the run was opened, in words.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Where a run that breaks off goes on, in words.</summary>
    public string LastGood => _saved < 0
        ? $"There is no checkpoint yet in {_folder.Path}; the run begins anew"
        : $"The checkpoint of step {_saved} in {_folder.Path} is whole; the run goes on from there";

    /// <summary>Whether steps or minutes since the last checkpoint are enough.</summary>
    public bool IsCheckpointDue => State.Step != Math.Max(_saved, 0)
        && ((_options.CheckpointSteps > 0 && State.Step % _options.CheckpointSteps == 0)
            || Stopwatch.GetElapsedTime(_savedAt).TotalMinutes >= _options.CheckpointMinutes);

    /// <summary>Writes a checkpoint; then all but the last two go. A failed one leaves those as they are.</summary>
    public void Save()
    {
        // The log goes first: a checkpoint's length of it must be on the disk.
        Log.Flush();
        State.LogLength = Log.Length;
        try
        {
            RunCheckpoint.Write(_folder.CheckpointFile(State.Step), State, _identity, _optimizer);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // So .NET reports a file that is longer than the file system or a limit of the process allows.
            throw new IOException($"A checkpoint of this model is too long a file for {_folder.Path} ({e.Message}).", e);
        }

        _saved = State.Step;
        _savedAt = Stopwatch.GetTimestamp();
        _folder.KeepTwoCheckpoints();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Log.Dispose();
        Timing.Dispose();
        _folder.Dispose();
    }

    private RunState Resume()
    {
        List<string> damaged = [];
        foreach ((long step, string file) in _folder.Checkpoints)
        {
            if (!RunCheckpoint.IsWhole(file))
            {
                damaged.Add(file);
                continue;
            }

            RunState state = RunCheckpoint.Read(file, _identity, _optimizer);
            Discard(damaged);
            _notes.Add($"Goes on after step {step}.");
            _saved = step;
            return state;
        }

        return damaged.Count == 0
            ? new RunState()
            : throw new CheckpointException(damaged[0], "the checksum is wrong, as in every other checkpoint of the run; put a whole one back, or give another folder to start anew");
    }

    // A damaged file must not count as one of the last two.
    private void Discard(List<string> damaged)
    {
        foreach (string file in damaged)
        {
            File.Delete(file);
            _notes.Add($"{Path.GetFileName(file)} is damaged (its checksum is wrong); it was skipped and deleted.");
        }
    }
}
