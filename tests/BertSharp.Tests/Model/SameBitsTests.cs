namespace BertSharp.Tests;

/// <summary>
/// Promise 1: the same sequence has the same bits, whatever the batch, its order, its mates, the threads, the width, and the
/// other callers. One comparison is one token's row, or one sequence's pooled output, bit for bit against the sequence run
/// alone, on one thread, at the widest width.
/// </summary>
[Collection(Widths.Alone)]
public sealed class SameBitsTests(ITestOutputHelper output)
{
    private const int LeastComparisons = 100_000;
    private static readonly int[] Lengths = [1, 2, 3, 5, 16, 17, 31, 40, 47, 48, 49, 64, 65, 97, 128, SmallModels.Longest];
    private long _comparisons;

    [Fact]
    public void A_hundred_thousand_comparisons_over_batches_orders_mates_threads_widths_and_callers_find_no_difference()
    {
        foreach (Func<BertModel> create in new[] { () => SmallModels.Bert(), SmallModels.Roberta, SmallModels.Electra })
        {
            using BertModel model = create();
            Reference reference = new(model, Lengths);
            foreach (int threads in Enumerable.Range(1, WorkerPool.Shared.Threads))
            {
                Widths.ForEach(width => Threads.At(threads, () =>
                {
                    for (int seed = 0; seed < 5; seed++)
                    {
                        Compare(reference, Order(seed, Lengths.Length));
                    }
                }));
            }

            Callers(reference, callers: 6, batches: 6);
        }

        output.WriteLine($"{_comparisons} comparisons, no difference.");
        Assert.InRange(_comparisons, LeastComparisons, long.MaxValue);
    }

    [Fact]
    public void Splitting_a_batch_into_chunks_changes_no_bit()
    {
        using BertModel model = SmallModels.Bert(layers: 1);
        Reference reference = new(model, Lengths);
        int budget = (int)((16L << 20) / ((5 * model.Config.HiddenSize) + model.Config.IntermediateSize));
        int[] order = [.. Enumerable.Repeat(Enumerable.Range(0, Lengths.Length), (2 * budget / Lengths.Sum()) + 1).SelectMany(all => all)];
        List<int> chunks = [];
        Compare(reference, order, new Immediate<int>(chunks.Add));
        Assert.InRange(chunks.Count, 2, int.MaxValue);
        Assert.Equal(order.Length, chunks[^1]);
        Assert.Equal(chunks.Order(), chunks);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_process_with_fewer_or_more_threads_than_cores_finds_no_difference(int threads)
    {
        (int exitCode, string text) = ChildProcess.Run(typeof(SameBitsTests), nameof(In_this_process), "BERTSHARP_THREADS", $"{threads}");
        Assert.True(exitCode == 0, text);
        Assert.Contains($"{threads} threads: ", text);
        Assert.Contains("no difference", text);
    }

    [Fact(Explicit = true)]
    public void In_this_process()
    {
        Assert.Equal(Environment.GetEnvironmentVariable("BERTSHARP_THREADS"), $"{WorkerPool.Shared.Threads}");
        using BertModel model = SmallModels.Bert();
        Reference reference = new(model, Lengths);
        for (int seed = 0; seed < 8; seed++)
        {
            Compare(reference, Order(seed, Lengths.Length));
        }

        Callers(reference, callers: 4, batches: 4);
        output.WriteLine($"{WorkerPool.Shared.Threads} threads: {_comparisons} comparisons, no difference.");
    }

    /// <summary>0: as they are; 1: reversed; otherwise shuffled, and from 3 on some left out and some twice.</summary>
    private static int[] Order(int seed, int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        Random random = new(seed);
        switch (seed)
        {
            case 0: break;
            case 1: Array.Reverse(order); break;
            case 2: random.Shuffle(order); break;
            default: order = random.GetItems(order, random.Next(1, count + 1)); break;
        }

        return order;
    }

    /// <summary>Several callers at once: one gets the workers, the others run alone.</summary>
    private void Callers(Reference reference, int callers, int batches)
    {
        using Barrier start = new(callers);
        Task[] tasks = [.. Enumerable.Range(0, callers).Select(caller => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                for (int i = 0; i < batches; i++)
                {
                    Compare(reference, Order(3 + (caller * batches) + i, Lengths.Length));
                }
            },
            TaskCreationOptions.LongRunning))];
        Task.WaitAll(tasks);
    }

    private void Compare(Reference reference, int[] order, IProgress<int>? progress = null)
    {
        using BertOutput result = reference.Model.Forward(reference.All.Select(order), progress: progress);
        long count = 0;
        for (int i = 0; i < order.Length; i++)
        {
            float[] expected = reference.Hidden[order[i]];
            int hidden = reference.Model.Config.HiddenSize;
            for (int t = 0; t < result.Length(i); t++, count++)
            {
                Same(expected.AsSpan(t * hidden, hidden), result.Sequence(i).Row(t), order, i, $"token {t}");
            }

            if (result.HasPoolerOutput)
            {
                Same(reference.Pooled[order[i]], result.PoolerOutput.Row(i), order, i, "pooled output");
                count++;
            }
        }

        Interlocked.Add(ref _comparisons, count);
    }

    private static void Same(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, int[] order, int place, string what)
    {
        ReadOnlySpan<byte> left = System.Runtime.InteropServices.MemoryMarshal.AsBytes(expected), right = System.Runtime.InteropServices.MemoryMarshal.AsBytes(actual);
        if (!left.SequenceEqual(right))
        {
            Assert.Fail($"Width {Simd.Width}, at most {Math.Min(WorkerPool.Shared.MaxThreads, WorkerPool.Shared.Threads)} threads, order [{string.Join(", ", order)}]: {what} of sequence {order[place]} at place {place} differs.");
        }
    }

    /// <summary>Every sequence run alone on one thread at the widest width, and that these runs mean something.</summary>
    private sealed class Reference
    {
        public Reference(BertModel model, int[] lengths)
        {
            (Model, All) = (model, SmallModels.Batch(model.Config, lengths, seed: 7));
            Widths.At(Simd.Widest, () => Threads.At(1, () =>
            {
                for (int i = 0; i < lengths.Length; i++)
                {
                    using BertOutput alone = model.Forward(All.Select([i]));
                    Hidden.Add(alone.LastHiddenState.ToArray());
                    Pooled.Add(alone.HasPoolerOutput ? alone.PoolerOutput.ToArray() : []);
                }
            }));
            Assert.All(Hidden, values => Assert.All(values, value => Assert.True(float.IsFinite(value))));
            Assert.Equal(Hidden.Count, Hidden.Select(values => values[0]).Distinct().Count());
        }

        public BertModel Model { get; }

        public TokenBatch All { get; }

        public List<float[]> Hidden { get; } = [];

        public List<float[]> Pooled { get; } = [];
    }
}
