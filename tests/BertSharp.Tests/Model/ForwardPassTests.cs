namespace BertSharp.Tests;

/// <summary>What a pass does when it is cancelled, when a model goes away under it, and when many run at once.</summary>
[Collection(Widths.Alone)]
public sealed class ForwardPassTests
{
    private const int Timeout = 120_000;

    [Fact]
    public void A_cancelled_pass_ends_at_the_next_layer_and_leaves_pool_and_workspaces_usable()
    {
        using BertModel model = SmallModels.Bert();
        using BertOutput output = new();
        foreach (int[] lengths in new int[][] { [3], [70, 70], [200, 1, 5] })
        {
            TokenBatch batch = SmallModels.Batch(model.Config, lengths, seed: 1);
            float[] expected = model.Forward(batch).LastHiddenState.ToArray();
            for (int i = 0; i < 20; i++)
            {
                Assert.Throws<OperationCanceledException>(() => model.Forward(batch, output, cancellation: new CancellationToken(canceled: true)));
            }

            AssertPoolFree();
            model.Forward(batch, output);
            Numbers.AssertSameBits(expected, output.LastHiddenState.Values.Span, "after cancellation");
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task A_pass_that_is_cancelled_while_it_runs_ends_between_two_layers()
    {
        // One chunk of a model so deep that it runs on for long; the token goes out while it does.
        using BertModel model = SmallModels.Bert(layers: 1000);
        TokenBatch batch = SmallModels.Batch(model.Config, [512, 512, 100], seed: 1);
        using CancellationTokenSource source = new();
        using ManualResetEventSlim started = new();
        Task pass = Task.Factory.StartNew(
            () =>
            {
                started.Set();
                model.Forward(batch, cancellation: source.Token);
            },
            TaskCreationOptions.LongRunning);
        started.Wait();
        source.Cancel();
        await Assert.ThrowsAsync<OperationCanceledException>(() => pass);
        AssertPoolFree();
    }

    [Fact]
    public void A_batch_of_more_than_a_window_gives_each_sequence_the_bits_that_it_has_alone_and_reports_all()
    {
        // Sequences of many lengths, and one as long as may be.
        BertConfig config = new() { VocabSize = 99, HiddenSize = 512, NumHiddenLayers = 1, NumAttentionHeads = 8, IntermediateSize = 2048, MaxPositionEmbeddings = 512 };
        using BertModel model = BertModel.Create(config, seed: 4);
        int[] lengths = [.. Enumerable.Range(0, 600).Select(i => 1 + (i * 37 % 67)), 512, 1];
        TokenBatch batch = SmallModels.Batch(config, lengths, seed: 1);
        Assert.True(batch.TokenCount > ForwardPass.PartsOfWindow * PassPart.Budget(config, 1), "The batch fits a window.");
        List<int> reports = [];
        using BertOutput output = model.Forward(batch, progress: new Immediate<int>(reports.Add));
        Assert.Equal(lengths.Length, reports[^1]);
        Assert.Equal(reports.Order().Distinct(), reports);
        for (int i = 0; i < lengths.Length; i += 7)
        {
            using BertOutput alone = model.Forward(batch.Select([i]));
            Numbers.AssertSameBits(alone.LastHiddenState.Values.Span, output.Sequence(i).Values.Span, $"sequence {i}");
        }
    }

    [Fact]
    public void A_progress_that_throws_reaches_the_caller_and_leaves_the_pool_usable()
    {
        using BertModel model = SmallModels.Bert();
        TokenBatch batch = SmallModels.Batch(model.Config, [70, 70], seed: 1);
        Assert.Throws<NotSupportedException>(() => model.Forward(batch, progress: new Immediate<int>(_ => throw new NotSupportedException())));
        AssertPoolFree();
    }

    [Fact]
    public void A_progress_may_run_another_pass()
    {
        using BertModel model = SmallModels.Bert(), other = SmallModels.Roberta();
        TokenBatch batch = SmallModels.Batch(model.Config, [70, 70], seed: 1), inner = SmallModels.Batch(other.Config, [70, 70], seed: 1);
        float[] expected = model.Forward(batch).LastHiddenState.ToArray(), expectedInner = other.Forward(inner).LastHiddenState.ToArray(), actual = [];
        BertOutput output = model.Forward(batch, progress: new Immediate<int>(_ => actual = other.Forward(inner).LastHiddenState.ToArray()));
        Numbers.AssertSameBits(expected, output.LastHiddenState.Values.Span, "outer");
        Numbers.AssertSameBits(expectedInner, actual, "inner");
    }

    [Fact(Timeout = Timeout)]
    public async Task Two_models_and_many_callers_come_to_an_end_with_the_right_bits()
    {
        using BertModel model = SmallModels.Bert(), other = SmallModels.Electra();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Factory.StartNew(
            () =>
            {
                BertModel mine = caller % 2 == 0 ? model : other;
                TokenBatch batch = SmallModels.Batch(mine.Config, [70, 70, 1 + caller], seed: caller);
                using BertOutput first = mine.Forward(batch), output = new();
                for (int i = 0; i < 100; i++)
                {
                    if (i % 10 == 5)
                    {
                        Assert.Throws<OperationCanceledException>(() => mine.Forward(batch, output, cancellation: new CancellationToken(canceled: true)));
                    }

                    mine.Forward(batch, output);
                    Numbers.AssertSameBits(first.LastHiddenState.Values.Span, output.LastHiddenState.Values.Span, $"caller {caller}, call {i}");
                }
            },
            TaskCreationOptions.LongRunning)));
        AssertPoolFree();
    }

    [Fact(Timeout = Timeout)]
    public async Task A_model_disposed_under_its_passes_frees_after_the_last_and_refuses_later_ones()
    {
        for (int repeat = 0; repeat < 20; repeat++)
        {
            BertModel model = SmallModels.Bert();
            TokenBatch batch = SmallModels.Batch(model.Config, [70, 70], seed: repeat);
            float[] expected = model.Forward(batch).LastHiddenState.ToArray();
            TaskCompletionSource[] started = [new(), new(), new(), new()];
            Task<int>[] passes = [.. started.Select(first => Task.Factory.StartNew(
                () =>
                {
                    using BertOutput output = new();
                    for (int done = 0; ; done++)
                    {
                        try
                        {
                            model.Forward(batch, output);
                        }
                        catch (ObjectDisposedException)
                        {
                            return done;
                        }

                        Numbers.AssertSameBits(expected, output.LastHiddenState.Values.Span, "under Dispose");
                        first.TrySetResult();
                    }
                },
                TaskCreationOptions.LongRunning))];

            // A pass that fails would otherwise be waited for in vain.
            Task failure = await Task.WhenAny([Task.WhenAll(started.Select(first => first.Task)), .. passes]);
            await failure;
            model.Dispose();
            Assert.All(await Task.WhenAll(passes), done => Assert.InRange(done, 1, int.MaxValue));
            Assert.Throws<ObjectDisposedException>(() => model.Forward(batch));
            Assert.Throws<ObjectDisposedException>(() => model.GetParameter("bert.pooler.dense.weight"));
            model.Dispose();
        }

        AssertPoolFree();
    }

    [Fact]
    public void A_disposed_result_is_refused()
    {
        using BertModel model = SmallModels.Bert();
        TokenBatch batch = SmallModels.Batch(model.Config, [3], seed: 1);
        BertOutput output = model.Forward(batch);
        output.Dispose();
        Assert.Throws<ObjectDisposedException>(() => output.LastHiddenState);
        Assert.Throws<ObjectDisposedException>(() => model.Forward(batch, output));
        AssertPoolFree();
    }

    /// <summary>All threads can be rented: nobody forgot to give some back.</summary>
    private static void AssertPoolFree()
    {
        int threads = WorkerPool.Shared.Rent(int.MaxValue);
        WorkerPool.Shared.Return(threads);
        Assert.Equal(WorkerPool.Shared.Threads, threads);
    }
}
