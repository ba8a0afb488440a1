namespace BertSharp.Tests;

/// <summary>
/// A pass for first tokens alone computes a part of the last layer. Slow twin: the whole pass, on one thread at the widest
/// width, whose first rows and pooled outputs must have the same bits.
/// </summary>
[Collection(Widths.Alone)]
public sealed class FirstTokensTests
{
    public static TheoryData<int[]> Batches() => new()
    {
        // One sequence, whose heads are shared by all threads; first tokens at the front already, or near it; dealt to two; shared
        // by all.
        new[] { 1 },
        new[] { SmallModels.Longest },
        new[] { 1, 1, 1, 1, 1 },
        new[] { 1, 1, 3, 1, 1, 1, 2 },
        new[] { 70, 70 },
        new[] { 1, 2, 47, 48, 49, 1, SmallModels.Longest, 33 },
        new[] { 130, 1, 5 },
    };

    [Theory]
    [MemberData(nameof(Batches))]
    public void First_tokens_alone_have_the_bits_that_they_have_among_all(int[] lengths)
    {
        Func<BertModel>[] models =
        [
            () => SmallModels.Bert(), () => SmallModels.Bert(layers: 1), SmallModels.Roberta, SmallModels.Electra, () => SmallModels.Bert(weights: WeightFormat.BFloat16),
            () => SmallModels.Bert(weights: WeightFormat.Int8), () => SmallModels.Bert(weights: WeightFormat.Int8Dynamic),
        ];
        foreach (Func<BertModel> create in models)
        {
            using BertModel model = create();
            CompareEverywhere(model, SmallModels.Batch(model.Config, lengths, seed: 3));
        }
    }

    [Fact]
    public void Padding_that_is_kept_changes_nothing()
    {
        using BertModel model = SmallModels.Bert();
        int[] ids = [.. Enumerable.Range(0, 3 * 60).Select(i => 2 + (i % 90))], mask = [.. ids.Select((_, i) => i % 60 < 20 * (1 + (i / 60)) ? 1 : 0)];
        TokenBatch padded = TokenBatch.WithPadding(ids, mask, new int[ids.Length], 3, 60);
        CompareEverywhere(model, padded);
        using BertOutput packed = model.Forward(TokenBatch.FromPadded(ids, mask, [], 3, 60)), first = model.Forward(padded, ForwardOptions.FirstTokens);
        Compare(packed, first, "without padding");
    }

    [Fact]
    public void A_batch_of_more_than_a_window_has_a_row_for_each_of_its_sequences()
    {
        BertConfig config = new() { VocabSize = 99, HiddenSize = 512, NumHiddenLayers = 1, NumAttentionHeads = 8, IntermediateSize = 2048, MaxPositionEmbeddings = 512 };
        using BertModel model = BertModel.Create(config, seed: 4);
        TokenBatch batch = SmallModels.Batch(config, [.. Enumerable.Range(0, 600).Select(i => 1 + (i * 37 % 67)), 512, 1], seed: 1);
        Assert.True(batch.TokenCount > ForwardPass.PartsOfWindow * PassPart.Budget(config, 1), "The batch fits a window.");
        using BertOutput whole = model.Forward(batch), first = model.Forward(batch, ForwardOptions.FirstTokens);
        Compare(whole, first, "windows");
    }

    [Fact]
    public void Only_rows_that_were_computed_can_be_read_whatever_the_result_held_before()
    {
        using BertModel model = SmallModels.Bert();
        TokenBatch batch = SmallModels.Batch(model.Config, [5, 1, 30], seed: 2);
        using BertOutput whole = model.Forward(batch), kept = new();
        for (int i = 0; i < 2; i++)
        {
            model.Forward(batch, kept, new ForwardOptions { HiddenStates = true, Attentions = true });
            Assert.Equal((36, 4), (kept.LastHiddenState.Rows, kept.HiddenStateCount));
            Numbers.AssertSameBits(whole.LastHiddenState.Values.Span, kept.LastHiddenState.Values.Span, "all tokens");
            model.Forward(batch, kept, ForwardOptions.FirstTokens);
            Assert.Equal((3, 0), (kept.LastHiddenState.Rows, kept.HiddenStateCount));
            Assert.Equal([1, 1, 1], Enumerable.Range(0, 3).Select(kept.Length));
            Assert.Equal(3 * model.Config.HiddenSize, kept.ToPadded().Length);
            Compare(whole, kept, "used again");
        }

        using BertOutput empty = model.Forward(new TokenBatch([], [], [0]), ForwardOptions.FirstTokens);
        Assert.Equal(0, empty.LastHiddenState.Rows);
    }

    [Theory]
    [InlineData(new[] { 130, 7, 33 })]
    [InlineData(new[] { 70, 70 })]
    public void A_clock_counts_the_operations_and_changes_no_bit(int[] lengths)
    {
        using BertModel model = SmallModels.Electra();
        TokenBatch batch = SmallModels.Batch(model.Config, lengths, seed: 1);
        OperationClock clock = new();
        using BertOutput whole = model.Forward(batch), first = model.Forward(batch, ForwardOptions.FirstTokens with { Clock = clock });
        Compare(whole, first, "clock");
        Assert.InRange(clock[Operation.FeedForwardUp].Calls, 2, 2 * WorkerPool.Shared.Threads);
        Assert.InRange(clock[Operation.QueryKeyValue].Calls, 3, 3 * WorkerPool.Shared.Threads);
    }

    /// <summary>At every width, on one thread and on all.</summary>
    private static void CompareEverywhere(BertModel model, TokenBatch batch)
    {
        try
        {
            WorkerPool.Shared.MaxThreads = 1;
            using BertOutput whole = model.Forward(batch), first = new();
            foreach (int threads in Enumerable.Range(1, WorkerPool.Shared.Threads))
            {
                WorkerPool.Shared.MaxThreads = threads;
                Widths.ForEach(width =>
                {
                    model.Forward(batch, first, ForwardOptions.FirstTokens);
                    Compare(whole, first, $"{model.Config.ModelType}, {model.Config.QuantizationConfig?.Weights}, width {width}, {threads} threads");
                });
            }
        }
        finally
        {
            WorkerPool.Shared.MaxThreads = int.MaxValue;
        }
    }

    private static void Compare(BertOutput whole, BertOutput first, string what)
    {
        Assert.Equal(whole.Count, first.LastHiddenState.Rows);
        Assert.Equal(whole.HasPoolerOutput, first.HasPoolerOutput);
        for (int i = 0; i < whole.Count; i++)
        {
            Numbers.AssertSameBits(whole.Sequence(i).Row(0), first.LastHiddenState.Row(i), $"{what}, sequence {i}");
        }

        if (whole.HasPoolerOutput)
        {
            Numbers.AssertSameBits(whole.PoolerOutput.Values.Span, first.PoolerOutput.Values.Span, $"{what}, pooled outputs");
        }
    }
}
