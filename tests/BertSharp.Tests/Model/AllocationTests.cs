namespace BertSharp.Tests;

/// <summary>
/// A warm pass into a result that the caller keeps allocates nothing: never on the caller's thread, nor on any other. The test
/// runner itself may allocate now and then on its own threads, so most rounds of the process-wide count must be clean, not all.
/// </summary>
[Collection(Widths.Alone)]
public sealed class AllocationTests
{
    private const int Rounds = 7;
    private const int Calls = 200;

    public static TheoryData<int[][]> Batches() => new()
    {
        // Alone on one thread; shared by all; dealt to two; alternating numbers of sequences and tokens.
        new int[][] { [1] },
        new int[][] { [33, 5, 120] },
        new int[][] { [70, 70] },
        new int[][] { [64, 64, 64, 64], [1], [9, 9, 9], [130], [2, 3] },
    };

    [Theory]
    [MemberData(nameof(Batches))]
    public void A_warm_pass_allocates_no_byte(int[][] lengths)
    {
        using BertModel model = SmallModels.Bert();
        AssertClean(model, lengths, null, WorkerPool.Shared.Threads);
    }

    [Theory]
    [InlineData(WeightFormat.BFloat16)]
    [InlineData(WeightFormat.Int8)]
    [InlineData(WeightFormat.Int8Dynamic)]
    public void A_warm_pass_with_weights_in_fewer_bytes_allocates_no_byte(WeightFormat format)
    {
        using BertModel model = SmallModels.Bert(weights: format);
        AssertClean(model, [[64, 64, 64, 64], [1], [130], [2, 3]], null, WorkerPool.Shared.Threads);
    }

    [Theory]
    [InlineData(WeightFormat.Float32)]
    [InlineData(WeightFormat.Int8Dynamic)]
    public void A_warm_pass_for_first_tokens_alone_allocates_no_byte(WeightFormat format)
    {
        using BertModel model = SmallModels.Bert(weights: format);
        AssertClean(model, [[64, 64, 64, 64], [1], [33, 5, 120], [2, 3]], ForwardOptions.FirstTokens, WorkerPool.Shared.Threads);
    }

    [Fact]
    public void A_warm_pass_on_one_thread_allocates_no_byte()
    {
        using BertModel model = SmallModels.Roberta();
        AssertClean(model, [[64, 64, 3]], null, 1);
    }

    [Fact]
    public void A_warm_pass_that_keeps_everything_allocates_no_byte()
    {
        using BertModel model = SmallModels.Electra();
        AssertClean(model, [[70, 70], [5]], new ForwardOptions { HiddenStates = true, Attentions = true }, WorkerPool.Shared.Threads);
    }

    [Fact]
    public void Warm_embedding_into_the_callers_memory_allocates_no_byte_of_the_caller()
    {
        using SentenceEmbedder embedder = SentenceEmbedder.Load(SharedData.Require("models/real/all-MiniLM-L6-v2"));
        string[] texts = ["A man is eating food.", "Zürich is in Switzerland; its lake is 40 km long.", "", "a"];
        float[] vectors = new float[texts.Length * embedder.Dimension];
        EmbedOptions options = new() { Prompt = "query: " };

        // The runtime's own helpers of the tokenizer box until they are optimised: warm takes some calls.
        SpinWait.SpinUntil(() => Allocated() == 0, TimeSpan.FromSeconds(30));
        Assert.Equal(0, Allocated());

        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 5; i++)
            {
                embedder.Embed(texts, vectors, options);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static void AssertClean(BertModel model, int[][] lengths, ForwardOptions? options, int threads)
    {
        using BertOutput output = new();
        TokenBatch[] batches = [.. lengths.Select((one, i) => SmallModels.Batch(model.Config, one, seed: i))];
        long[] own = new long[Rounds], all = new long[Rounds];
        try
        {
            WorkerPool.Shared.MaxThreads = threads;
            BlockOnce();
            Repeat(model, batches, output, options);
            for (int round = 0; round < Rounds; round++)
            {
                long ownBefore = GC.GetAllocatedBytesForCurrentThread(), allBefore = GC.GetTotalAllocatedBytes(precise: true);
                Repeat(model, batches, output, options);
                all[round] = GC.GetTotalAllocatedBytes(precise: true) - allBefore;
                own[round] = GC.GetAllocatedBytesForCurrentThread() - ownBefore;
            }
        }
        finally
        {
            WorkerPool.Shared.MaxThreads = int.MaxValue;
        }

        Assert.All(own, bytes => Assert.Equal(0, bytes));
        Assert.True(all.Count(bytes => bytes == 0) > Rounds / 2, $"Bytes of the process in {Rounds} rounds of {Calls} calls: {string.Join(", ", all)}.");
    }

    /// <summary>
    /// Lets the caller wait for its workers, and them for a job, until they sleep: the runtime makes a lock when a thread
    /// first does, once a process (24 bytes), and a pass of a small model may first do so after a thousand calls.
    /// </summary>
    private static void BlockOnce()
    {
        int threads = WorkerPool.Shared.Rent(int.MaxValue);
        for (int i = 0; i < 3; i++)
        {
            WorkerPool.Shared.Run(new Slow(), threads);
            Thread.Sleep(20);
        }

        WorkerPool.Shared.Return(threads);
    }

    private static void Repeat(BertModel model, TokenBatch[] batches, BertOutput output, ForwardOptions? options)
    {
        for (int i = 0; i < Calls; i++)
        {
            model.Forward(batches[i % batches.Length], output, options);
        }
    }

    private sealed class Slow : TeamJob
    {
        public override void Run(Team team) => Thread.Sleep(team.Index == 0 ? 0 : 20);
    }
}
