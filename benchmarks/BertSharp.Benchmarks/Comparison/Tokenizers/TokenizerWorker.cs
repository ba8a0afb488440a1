using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace BertSharp.Benchmarks;

/// <summary>
/// The process of one tokenizer. It reads a line a command, <c>ids SET SECONDS</c>, <c>offsets SET SECONDS</c>,
/// <c>threads SET SECONDS</c> (ids on two threads), <c>batch SET SECONDS</c> (one call) or <c>dump SET FILE</c>, and answers each with a line: tokens and seconds.
/// A timing runs whole passes over the set until the seconds are over.
/// </summary>
internal static class TokenizerWorker
{
    private const int Threads = 2;

    /// <param name="texts">A folder with a file SET.jsonl for each set, a JSON string a line.</param>
    /// <param name="create">A tokenizer for one more thread.</param>
    public static void Run(string texts, Func<ITokenizerUnderTest> create)
    {
        var sets = Directory.GetFiles(texts, "*.jsonl").ToDictionary(file => Path.GetFileNameWithoutExtension(file), Read);
        ITokenizerUnderTest[] tokenizers = [.. Enumerable.Range(0, Threads).Select(_ => create())];
        Console.WriteLine(tokenizers[0].Version);
        while (Console.ReadLine()?.Split(' ', 3) is [string mode, string set, string argument])
        {
            if (mode == "dump")
            {
                File.WriteAllLines(argument, sets[set].Select(text => string.Join(' ', tokenizers[0].Encode(text))));
                Console.WriteLine("0 0");
                continue;
            }

            double seconds = double.Parse(argument, CultureInfo.InvariantCulture);
            (long tokens, double elapsed) = mode switch
            {
                "ids" => Time(sets[set], seconds, tokenizers[0].Ids),
                "offsets" => Time(sets[set], seconds, tokenizers[0].Offsets),
                "batch" => Time([sets[set]], seconds, tokenizers[0].Batch),
                "threads" => TimeThreads(sets[set], seconds, tokenizers),
                _ => throw new ArgumentException($"'{mode}' is no command; expected ids, offsets, threads, batch or dump."),
            };
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tokens} {elapsed}"));
        }
    }

    private static string[] Read(string file) => [.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize<string>(line)!)];

    private static (long Tokens, double Seconds) Time<T>(T[] texts, double seconds, Func<T, int> encode)
    {
        long tokens = 0, start = Stopwatch.GetTimestamp();
        double elapsed;
        do
        {
            foreach (T text in texts)
            {
                tokens += encode(text);
            }

            elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        while (elapsed < seconds);
        return (tokens, elapsed);
    }

    // Each thread takes every other text, so that both have the same work and neither asks a shared counter.
    private static (long Tokens, double Seconds) TimeThreads(string[] texts, double seconds, ITokenizerUnderTest[] tokenizers)
    {
        string[][] shares = [.. Enumerable.Range(0, Threads).Select(thread => texts.Where((_, i) => i % Threads == thread).ToArray())];
        var results = new (long Tokens, double Seconds)[Threads];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(thread =>
            new Thread(() => results[thread] = Time(shares[thread], seconds, tokenizers[thread].Ids)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        // A rate of each, added: the threads stop within one pass of each other.
        double rate = results.Sum(result => result.Tokens / result.Seconds);
        return (results.Sum(result => result.Tokens), results.Sum(result => result.Tokens) / rate);
    }
}
