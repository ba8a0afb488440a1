namespace BertSharp.Tests;

/// <summary>A step's gradients and loss keep their bits whatever threads, widths, micro-batches and recomputation do.</summary>
[Collection(Widths.Alone)]
public sealed class SameTrainingBitsTests
{
    private static readonly BertConfig Config = new()
    {
        VocabSize = 101,
        HiddenSize = 36,
        NumHiddenLayers = 2,
        NumAttentionHeads = 3,
        IntermediateSize = 50,
        MaxPositionEmbeddings = 90,
        HiddenDropoutProb = 0.2,
        AttentionProbsDropoutProb = 0.1,
        InitializerRange = 0.2,
        Id2Label = ["a", "b", "c"],
    };

    public static TheoryData<string> Models() => ["pretraining", "electra", "distilbert", "roberta", "tokens", "answer", "choice", "lora"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Threads_widths_micro_batches_and_recomputation_do_not_change_a_bit(string kind)
    {
        float[]? first = null;
        double firstLoss = 0;
        void Check(TrainingPassOptions options, string how)
        {
            (float[] gradients, double loss) = Run(kind, options);
            if (first is null)
            {
                (first, firstLoss) = (gradients, loss);
                Assert.Contains(gradients, value => value != 0);
                return;
            }

            Numbers.AssertSameBits(first, gradients, how);
            Assert.Equal(firstLoss, loss);
        }

        Widths.ForEach(width =>
        {
            foreach (int threads in new[] { 1, 2 })
            {
                WorkerPool.Shared.MaxThreads = threads;
                try
                {
                    foreach (int tokens in new[] { 100_000, 1, 60, 150 })
                    {
                        Check(new TrainingPassOptions { MicroBatchTokens = tokens }, $"width {width}, {threads} threads, micro-batches of {tokens} tokens");
                    }

                    Check(new TrainingPassOptions { MicroBatchTokens = 150, Recompute = true }, $"width {width}, {threads} threads, recomputed");
                }
                finally
                {
                    WorkerPool.Shared.MaxThreads = int.MaxValue;
                }
            }
        });
    }

    [Fact]
    public void Another_key_drops_other_values_and_none_drops_nothing()
    {
        (float[] first, _) = Run("tokens", new TrainingPassOptions());
        (float[] other, _) = Run("tokens", new TrainingPassOptions(), key: 8);
        (float[] without, _) = Run("tokens", new TrainingPassOptions { Dropout = false });
        (float[] withoutOther, _) = Run("tokens", new TrainingPassOptions { Dropout = false }, key: 8);
        Assert.NotEqual(first, other);
        Assert.NotEqual(first, without);
        Assert.Equal(without, withoutOther);
    }

    [Fact]
    public void A_step_without_labels_has_loss_and_gradients_of_zero_whatever_came_before()
    {
        using PreTrainedModel model = Model("pretraining");
        using TrainingPass pass = new(model, TrainingStages.Of(model), TrainingStages.DropoutOf(model), new TrainingPassOptions());
        (TokenBatch batch, StepLabels labels) = Step("pretraining");
        pass.Run(batch.Packed, labels, 3);
        StepLoss loss = pass.Run(batch.Packed, labels with { Tokens = [.. labels.Tokens.Select(_ => -100)], Sequences = [.. labels.Sequences.Select(_ => -100)] }, 4);
        Assert.Equal(0, loss.Loss);
        Assert.Equal(0, new GradientNorm(pass.Gradients.Trained).Compute());
    }

    private static (float[] Gradients, double Loss) Run(string kind, TrainingPassOptions options, ulong key = 7)
    {
        using PreTrainedModel model = Model(kind);
        using LoraTraining? lora = kind == "lora" ? SmallAdapters.Attach(model, new LoraConfig { Rank = 5, Dropout = 0.2, TargetPattern = LoraConfig.AllLinear, ModulesToSave = ["classifier"] }) : null;
        DropoutProbabilities probabilities = TrainingStages.DropoutOf(model) with { Adapter = lora is null ? 0 : 0.2f };
        using TrainingPass pass = new(model, TrainingStages.Of(model), probabilities, lora is null ? options : options with { Lora = lora, IsTrained = lora.IsTrained });
        (TokenBatch batch, StepLabels labels) = Step(kind);

        // Twice: the second step finds what the first one left.
        pass.Run(batch.Packed, labels, 3);
        StepLoss loss = pass.Run(batch.Packed, labels, key);
        return ([.. pass.Gradients.Trained.SelectMany(parameter => SmallAdapters.Values((model.Parameters.Find(parameter.Info.Name) ?? lora!.Parameters[parameter.Info.Name]).Gradient!))], loss.Loss);
    }

    private static PreTrainedModel Model(string kind) => kind switch
    {
        "pretraining" => BertForPreTraining.Create(Config, 5),
        "electra" => BertForSequenceClassification.Create(Config with { ModelType = "electra", EmbeddingSize = 20 }, 5),
        "distilbert" => BertForSequenceClassification.Create(Config with { ModelType = "distilbert" }, 5),
        "roberta" => BertForMaskedLM.Create(Config with { ModelType = "roberta", PadTokenId = 1 }, 5),
        "tokens" => BertForTokenClassification.Create(Config, 5),
        "answer" => BertForQuestionAnswering.Create(Config, 5),
        "lora" => BertForSequenceClassification.Create(Config with { ModelType = "electra", EmbeddingSize = 20 }, 5),
        "choice" => BertForMultipleChoice.Create(Config, 5),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static (TokenBatch Batch, StepLabels Labels) Step(string kind)
    {
        // With adapters enough rows for two threads to share rows, and not panels.
        int[] lengths = kind == "lora" ? [1, 70, 5, 33, 17, 64, 2, 12, 90, 90, 80] : [1, 70, 5, 33, 17, 64, 2, 12];
        int[] offsets = [0, .. lengths.Select((_, i) => lengths.Take(i + 1).Sum())];
        SplitMix64 random = new(11);
        int[] ids = new int[offsets[^1]], types = new int[ids.Length], labels = new int[ids.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = 2 + random.NextBelow(99);
            types[i] = random.NextBelow(2);
            labels[i] = kind == "tokens" ? random.NextBelow(4) - 1 : random.NextBelow(5) == 0 ? random.NextBelow(101) : -100;
            labels[i] = labels[i] == -1 ? -100 : labels[i];
        }

        return (new TokenBatch(ids, types, offsets), new StepLabels
        {
            Tokens = labels,
            Sequences = kind == "choice" ? [1, 0, 1, -100] : [.. lengths.Select((_, i) => i % 2)],
            Choices = kind == "choice" ? 2 : 1,
            Starts = [.. lengths.Select(length => length / 2)],
            Ends = [.. lengths.Select(length => length - (length % 3))],
        });
    }
}
