namespace BertSharp;

/// <summary>Work on every chunk of the parameters by itself; each thread has a contiguous part.</summary>
internal abstract class ChunkJob(ParameterChunk[] chunks) : TeamJob
{
    /// <summary>All chunks.</summary>
    protected ParameterChunk[] Chunks => chunks;

    /// <inheritdoc/>
    public sealed override void Run(Team team)
    {
        (int first, int count) = team.Share(chunks.Length);
        for (int chunk = first; chunk < first + count; chunk++)
        {
            Run(chunk);
        }
    }

    /// <summary>Works on all chunks, with the threads that are free.</summary>
    protected void RunAll()
    {
        int threads = WorkerPool.Shared.Rent(WorkerPool.Shared.Threads);
        try
        {
            WorkerPool.Shared.Run(this, threads);
        }
        finally
        {
            WorkerPool.Shared.Return(threads);
        }
    }

    /// <summary>Works on one chunk.</summary>
    protected abstract void Run(int chunk);
}
