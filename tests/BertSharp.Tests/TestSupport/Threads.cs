namespace BertSharp.Tests;

/// <summary>Limits the threads of the process's pool; who uses it sits in the collection <see cref="Widths.Alone"/>.</summary>
internal static class Threads
{
    /// <summary>Runs a body with at most so many threads; restores the limit.</summary>
    public static void At(int threads, Action body)
    {
        try
        {
            WorkerPool.Shared.MaxThreads = threads;
            body();
        }
        finally
        {
            WorkerPool.Shared.MaxThreads = int.MaxValue;
        }
    }
}
