using System.Runtime.InteropServices;

namespace BertSharp;

/// <summary>
/// The words of text files, as BERT's tokenizer cuts them, with how often each occurs. Blocks of lines are counted on all
/// cores, each thread for itself; counts are added, so neither threads nor the order of files show in the result.
/// </summary>
internal static class WordCounts
{
    /// <summary>Lines of a block end after this many UTF-16 units: small enough to even out, large enough not to be felt.</summary>
    private const int BlockLength = 1 << 18;

    /// <summary>Counts the words of at most <paramref name="longestWord"/> characters, of two UTF-16 units at most: longer ones are [UNK] whatever the vocabulary.</summary>
    public static Dictionary<string, long> Of(
        IReadOnlyList<string> files, BertNormalizer normalizer, int longestWord, IProgress<double>? progress, CancellationToken cancellation)
    {
        Dictionary<string, long> total = [];
        Lock adding = new();
        ForEachBlock(files, progress, cancellation, () => new Counter(normalizer, longestWord), (block, counter) => counter.Count(block), counter =>
        {
            lock (adding)
            {
                foreach ((string word, long count) in counter.Counts)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(total, word, out _) += count;
                }
            }
        });
        return total;
    }

    private static void ForEachBlock(
        IReadOnlyList<string> files, IProgress<double>? progress, CancellationToken cancellation, Func<Counter> start, Action<List<string>, Counter> count, Action<Counter> end)
    {
        ParallelOptions options = new() { CancellationToken = cancellation, MaxDegreeOfParallelism = WorkerPool.Shared.Threads };
        try
        {
            Parallel.ForEach(
                System.Collections.Concurrent.Partitioner.Create(Blocks(files, progress), System.Collections.Concurrent.EnumerablePartitionerOptions.NoBuffering),
                options,
                start,
                (block, _, counter) =>
                {
                    count(block, counter);
                    return counter;
                },
                end);
        }
        catch (AggregateException error)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }

    private static IEnumerable<List<string>> Blocks(IReadOnlyList<string> files, IProgress<double>? progress)
    {
        double size = Math.Max(1, files.Sum(file => new FileInfo(file).Length));
        long read = 0;
        List<string> block = [];
        int length = 0;
        foreach (string line in files.SelectMany(file => TextLines.Read(file, bytes => read += bytes)))
        {
            block.Add(line);
            length += line.Length;
            if (length >= BlockLength)
            {
                yield return block;
                progress?.Report(Math.Min(1, read / size));
                (block, length) = ([], 0);
            }
        }

        yield return block;
    }

    private sealed class Counter(BertNormalizer normalizer, int longestWord)
    {
        private readonly NormalizedText _text = new();
        private readonly CanonicalOrder _order = new();

        public Dictionary<string, long> Counts { get; } = [];

        public void Count(List<string> lines)
        {
            Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> counts = Counts.GetAlternateLookup<ReadOnlySpan<char>>();
            foreach (string line in lines)
            {
                _text.Clear(aligned: false);
                normalizer.Normalize(line, 0, _text, _order);
                for (int at = 0; BertPreTokenizer.Next(_text.Chars, ref at, out int start);)
                {
                    if (at - start <= 2 * longestWord)
                    {
                        CollectionsMarshal.GetValueRefOrAddDefault(counts, _text.Chars[start..at], out _)++;
                    }
                }
            }
        }
    }
}
