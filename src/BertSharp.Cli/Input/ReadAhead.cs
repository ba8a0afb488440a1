using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace BertSharp.Cli.Input;

/// <summary>
/// Reads a stream of records on a thread of its own, a little ahead, and hands out what is there: whole batches where the
/// input is a file, a single text at once where a person types. What stood before a bad line is handed out before its error.
/// </summary>
internal static class ReadAhead
{
    /// <summary>Characters of a batch: some 8,000 tokens, enough blocks to keep all cores busy, few enough to show progress.</summary>
    private const int BatchCharacters = 1 << 15;

    /// <summary>The records of a source in batches, none of them empty.</summary>
    /// <param name="source">The records; they are walked on the reading thread.</param>
    /// <param name="batchSize">The most records of a batch.</param>
    /// <param name="cancellation">Ends the wait for input.</param>
    public static IEnumerable<List<InputRecord>> Batches(TextSource source, int batchSize, CancellationToken cancellation)
    {
        using BlockingCollection<InputRecord> queue = new(batchSize);
        using CancellationTokenSource stop = new();
        ExceptionDispatchInfo? failure = null;
        Thread reader = new(() => failure = Fill(queue, source, stop.Token)) { IsBackground = true, Name = "bert input" };
        reader.Start();
        try
        {
            while (queue.TryTake(out InputRecord? first, Timeout.Infinite, cancellation))
            {
                yield return Batch(queue, first, batchSize);
            }

            reader.Join();
            failure?.Throw();
        }
        finally
        {
            stop.Cancel();
        }
    }

    /// <summary>The first record and those that wait behind it.</summary>
    private static List<InputRecord> Batch(BlockingCollection<InputRecord> queue, InputRecord first, int batchSize)
    {
        List<InputRecord> batch = [first];
        int characters = Characters(first);
        while (batch.Count < batchSize && characters < BatchCharacters && queue.TryTake(out InputRecord? next))
        {
            batch.Add(next);
            characters += Characters(next);
        }

        return batch;
    }

    private static int Characters(InputRecord record) => record.Text.Length + (record.Pair?.Length ?? 0);

    private static ExceptionDispatchInfo? Fill(BlockingCollection<InputRecord> queue, TextSource source, CancellationToken stop)
    {
        try
        {
            foreach (InputRecord record in source.Records)
            {
                queue.Add(record, stop);
            }

            return null;
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            return null; // Nobody waits for more.
        }
        catch (Exception error)
        {
            return ExceptionDispatchInfo.Capture(error);
        }
        finally
        {
            Complete(queue);
        }
    }

    private static void Complete(BlockingCollection<InputRecord> queue)
    {
        try
        {
            queue.CompleteAdding();
        }
        catch (ObjectDisposedException)
        {
            // The run ended while this thread was in a read.
        }
    }
}
