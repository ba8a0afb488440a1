using System.Diagnostics;

namespace BertSharp.Benchmarks;

/// <summary>
/// The ten nearest of a million vectors of 384 dimensions, against reading as many bytes: both in turn, in one run, on the same
/// threads, medians. The vectors are random: every one of them is compared, whatever it holds.
/// </summary>
internal static class SearchSpeed
{
    private const int Dimension = 384;
    private const int Rounds = 41;

    public static void Run(int count)
    {
        Console.WriteLine($"{count} vectors of {Dimension}, {WorkerPool.Shared.Threads} threads, {Simd.Width}-bit vectors, {Rounds} rounds, medians");
        Console.WriteLine("| precision | MB read | search ms | read ms | GB/s | search / read |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (IndexPrecision precision in Enum.GetValues<IndexPrecision>())
        {
            Measure(precision, count);
        }
    }

    private static void Measure(IndexPrecision precision, int count)
    {
        using SemanticIndex index = SemanticIndex.Build(Dimension, Vectors(count), new IndexOptions { Precision = precision });
        long bytes = (long)index.Rows.Scanned.RowBytes * count;
        using BandwidthProbe probe = new(bytes);
        float[] query = Random(new Random(7));
        SearchHit[] hits = new SearchHit[10];
        double[] search = new double[Rounds], read = new double[Rounds], ratio = new double[Rounds];
        for (int round = -3; round < Rounds; round++)
        {
            double readTime = Time(probe.Read), searchTime = Time(() => index.Search(query, hits));
            if (round >= 0)
            {
                (search[round], read[round], ratio[round]) = (searchTime, readTime, searchTime / readTime);
            }
        }

        Array.Sort(search);
        Array.Sort(read);
        Array.Sort(ratio);
        int middle = Rounds / 2;
        Console.WriteLine($"| {precision} | {bytes / 1e6:F0} | {search[middle]:F2} | {read[middle]:F2} | {bytes / read[middle] / 1e6:F1} | {search[middle] / read[middle]:F2} (of each round: median {ratio[middle]:F2}) |");
    }

    private static double Time(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static IEnumerable<(IndexEntry Entry, float[] Vector)> Vectors(int count)
    {
        Random random = new(42);
        IndexEntry entry = new("", "");
        for (int i = 0; i < count; i++)
        {
            yield return (entry, Random(random));
        }
    }

    private static float[] Random(Random random)
    {
        float[] vector = new float[Dimension];
        for (int i = 0; i < Dimension; i++)
        {
            vector[i] = random.NextSingle() - 0.5f;
        }

        return vector;
    }
}
