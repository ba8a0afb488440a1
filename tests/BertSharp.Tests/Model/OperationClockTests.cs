namespace BertSharp.Tests;

/// <summary>A clock of operations counts what ran, within the time there was, and changes no bit.</summary>
[Collection(Widths.Alone)]
public sealed class OperationClockTests
{
    private static readonly Operation[] All = Enum.GetValues<Operation>();

    public static TheoryData<int[]> Batches() => new()
    {
        // Alone on one thread or shared by all; dealt to two.
        new[] { 5 },
        new[] { 130, 7, 33 },
        new[] { 70, 70 },
    };

    [Theory]
    [MemberData(nameof(Batches))]
    public void The_operations_take_no_longer_than_the_threads_had(int[] lengths)
    {
        using BertModel model = SmallModels.Bert();
        TokenBatch batch = SmallModels.Batch(model.Config, lengths, seed: 1);
        OperationClock clock = new();
        for (int pass = 0; pass < 3; pass++)
        {
            model.Forward(batch, new ForwardOptions { Clock = clock });
        }

        TimeSpan sum = All.Aggregate(TimeSpan.Zero, (total, operation) => total + clock[operation].Time);
        Assert.Equal(3, clock.Passes);
        Assert.InRange(sum, TimeSpan.FromTicks(1), clock.ThreadTime);

        // Both are rounded down to ticks of 100 ns.
        int threads = WorkerPool.Shared.Threads;
        Assert.InRange(clock.ThreadTime.Ticks, threads * clock.Elapsed.Ticks, (threads * (clock.Elapsed.Ticks + 1)) - 1);
    }

    [Fact]
    public void Every_operation_of_a_pass_on_one_thread_is_counted_once_a_layer_head_and_block()
    {
        // Blocks of 48 queries: two for 50 tokens, one for 3.
        using BertModel model = SmallModels.Electra();
        BertConfig config = model.Config;
        int heads = config.NumHiddenLayers * config.NumAttentionHeads;
        OperationClock clock = OnOneThread(model, [50, 3]);
        long[] expected = [.. All.Select(operation => operation switch
        {
            Operation.EmbeddingLookup or Operation.EmbeddingLayerNorm or Operation.EmbeddingProjection or Operation.Output => 1L,
            Operation.AttentionPacking => 2 * heads,
            Operation.AttentionScores or Operation.AttentionSoftmax or Operation.AttentionContext => 3 * heads,
            Operation.Pooler or Operation.Waiting => 0,
            _ => config.NumHiddenLayers,
        })];
        Assert.Equal(expected, All.Select(operation => clock[operation].Calls));
    }

    [Fact]
    public void A_model_with_a_pooler_has_no_projection()
    {
        using BertModel model = SmallModels.Bert();
        OperationClock clock = OnOneThread(model, [9]);
        Assert.Equal(0, clock[Operation.EmbeddingProjection].Calls);
        Assert.InRange(clock[Operation.Pooler].Calls, 1, 3);
        Assert.InRange(clock[Operation.Pooler].Time, TimeSpan.FromTicks(1), clock.Elapsed);
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Results_have_the_same_bits_with_a_clock(int[] lengths)
    {
        foreach (Func<BertModel> create in new[] { () => SmallModels.Bert(), SmallModels.Roberta, SmallModels.Electra })
        {
            using BertModel model = create();
            TokenBatch batch = SmallModels.Batch(model.Config, lengths, seed: 1);
            ForwardOptions options = new() { HiddenStates = true, Attentions = true };
            using BertOutput plain = model.Forward(batch, options), clocked = model.Forward(batch, options with { Clock = new OperationClock() });
            for (int layer = 0; layer < plain.HiddenStateCount; layer++)
            {
                Numbers.AssertSameBits(plain.HiddenStates(layer).ToArray(), clocked.HiddenStates(layer).Values.Span, $"layer {layer}");
            }

            Numbers.AssertSameBits(plain.Attention(1, 0).ToArray(), clocked.Attention(1, 0).Values.Span, "attention");
            Numbers.AssertSameBits(plain.LastHiddenState.ToArray(), clocked.LastHiddenState.Values.Span, "last");
        }
    }

    [Fact]
    public void Passes_at_once_share_a_clock()
    {
        using BertModel model = SmallModels.Bert();
        TokenBatch batch = SmallModels.Batch(model.Config, [20, 3], seed: 1);
        ForwardOptions options = new() { Clock = new OperationClock() };
        Parallel.For(0, 24, _ => model.Forward(batch, options));
        Assert.Equal(24, options.Clock.Passes);
        Assert.InRange(options.Clock[Operation.FeedForwardUp].Calls, 24 * 3, 24 * 3 * WorkerPool.Shared.Threads);
        Assert.InRange(options.Clock[Operation.QueryKeyValue].Time, TimeSpan.FromTicks(1), options.Clock.ThreadTime);
    }

    [Fact]
    public void A_cancelled_pass_is_no_pass_of_the_clock()
    {
        using BertModel model = SmallModels.Bert();
        ForwardOptions options = new() { Clock = new OperationClock() };
        Assert.Throws<OperationCanceledException>(() => model.Forward(SmallModels.Batch(model.Config, [20], seed: 1), options, cancellation: new CancellationToken(canceled: true)));
        Assert.Equal((0, 0L), (options.Clock.Passes, options.Clock[Operation.EmbeddingLookup].Calls));
        Assert.Throws<ArgumentOutOfRangeException>(() => options.Clock[(Operation)All.Length]);
    }

    private static OperationClock OnOneThread(BertModel model, int[] lengths)
    {
        OperationClock clock = new();
        try
        {
            WorkerPool.Shared.MaxThreads = 1;
            model.Forward(SmallModels.Batch(model.Config, lengths, seed: 1), new ForwardOptions { Clock = clock });
        }
        finally
        {
            WorkerPool.Shared.MaxThreads = int.MaxValue;
        }

        return clock;
    }
}
