namespace BertSharp.Tests;

/// <summary>Fine-tuning of an adapter from end to end, and what is merged afterwards.</summary>
[Collection(Widths.Alone)]
public sealed class LoraFineTuningTests : IDisposable
{
    private readonly SmallTask _task = new();

    public void Dispose() => _task.Dispose();

    [Fact]
    public void A_task_is_learned_by_an_adapter_and_the_merged_checkpoint_is_the_saved_model()
    {
        FineTuningOptions options = Options(new LoraConfig { Rank = 3, Alpha = 6, Dropout = 0.05 }) with { Labels = ["place", "animal"] };
        TrainingResult result = FineTuning.Run(_task.Folder, options, _task.Training("run", 120));
        Assert.InRange(result.BestScore!.Value, 0.98, 1);
        string adapter = Path.Combine(result.ModelFolder!, LoraTraining.AdapterFolder);
        LoraConfig config = LoraConfigJson.Read(File.ReadAllText(Path.Combine(adapter, AdapterFile.ConfigName)), "config");
        Assert.Equal((3, "SEQ_CLS", _task.Folder), (config.Rank, config.TaskType, config.BaseModel));
        Assert.Equal(["query", "value"], config.TargetModules);
        Assert.Equal(["classifier"], config.ModulesToSave);
        LoraCheckpoint.Merge(_task.Folder, adapter, _task.Path("merged"), ["place", "animal"]);
        using BertForSequenceClassification saved = BertForSequenceClassification.Load(result.ModelFolder!), merged = BertForSequenceClassification.Load(_task.Path("merged"));
        Assert.Equal(["place", "animal"], merged.Config.Id2Label);
        foreach (ParameterInfo info in saved.ParameterList)
        {
            Numbers.AssertSameBits(saved.GetParameter(info.Name), merged.GetParameter(info.Name), info.Name);
        }

        using TextClassifier classifier = TextClassifier.Load(_task.Path("merged"));
        Assert.Equal("animal", classifier.Classify("q fox").Label);
        using BertModel start = BertModel.Load(_task.Folder);
        const string Frozen = "bert.encoder.layer.0.attention.self.key.weight", Changed = "bert.encoder.layer.0.attention.self.query.weight";
        Numbers.AssertSameBits(start.GetParameter(Frozen), saved.GetParameter(Frozen), Frozen);
        Assert.NotEqual(start.GetParameter(Changed), saved.GetParameter(Changed));
    }

    [Fact]
    public void A_run_that_was_stopped_and_had_other_threads_and_micro_batches_ends_in_the_same_bytes()
    {
        FineTuningOptions options = Options(new LoraConfig { Rank = 3, Dropout = 0.2, TargetPattern = LoraConfig.AllLinear, Bias = LoraBias.All });
        Threads.At(1, () => FineTuning.Run(_task.Folder, options, _task.Training("straight", 12)));
        using CancellationTokenSource stop = new();
        Immediate<TrainingProgress> stopAtSeven = new(progress => Cancel(progress.Step == 7));
        Threads.At(2, () => Assert.Equal(TrainingEnd.Cancelled, FineTuning.Run(_task.Folder, options, _task.Training("stopped", 12), stopAtSeven, stop.Token).End));
        Threads.At(2, () => FineTuning.Run(_task.Folder, options, _task.Training("stopped", 12) with { MicroBatchTokens = 1000, Recompute = true }));
        foreach (string file in (string[])["log.jsonl", "step-000000000012.checkpoint", "last/model.safetensors", "last/adapter/adapter_model.safetensors"])
        {
            Assert.True(File.ReadAllBytes(_task.Path($"straight/{file}")).AsSpan().SequenceEqual(File.ReadAllBytes(_task.Path($"stopped/{file}"))), $"{file} differs");
        }

        LoraConfig other = options.Lora! with { Rank = 4 };
        Assert.Contains("job.Lora was", Assert.Throws<CheckpointException>(() => FineTuning.Run(_task.Folder, options with { Lora = other }, _task.Training("stopped", 12))).Message, StringComparison.Ordinal);

        void Cancel(bool now)
        {
            if (now)
            {
                stop.Cancel();
            }
        }
    }

    [Theory]
    [InlineData(FineTuningTask.Answer, "qa_outputs")]
    [InlineData(FineTuningTask.Tokens, "classifier")]
    [InlineData(FineTuningTask.Choice, "classifier")]
    public void Every_head_is_trained_whole_and_merged(FineTuningTask task, string module)
    {
        FineTuningOptions options = _task.Of(task) with { Lora = new LoraConfig { Rank = 2 } };
        string folder = FineTuning.Run(_task.Folder, options, _task.Training($"{task}", 5)).ModelFolder!, adapter = Path.Combine(folder, LoraTraining.AdapterFolder);
        Assert.Equal([module], LoraConfigJson.Read(File.ReadAllText(Path.Combine(adapter, AdapterFile.ConfigName)), "config").ModulesToSave);
        LoraCheckpoint.Merge(folder, adapter, _task.Path("merged"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "tokenizer.json")), File.ReadAllBytes(_task.Path("merged/tokenizer.json")));
    }

    [Fact]
    public void PEFTs_adapter_is_merged_into_its_checkpoint()
    {
        string adapter = SharedData.Require("training", "lora");
        using GoldenCase golden = new("bert-classify");
        LoraCheckpoint.Merge(golden.Folder, adapter, _task.Path("merged"));
        using BertForSequenceClassification merged = BertForSequenceClassification.Load(_task.Path("merged"));
        using HeadOutput output = merged.Forward(golden.Batch);
        using Checkpoint reference = Checkpoint.Open(Path.Combine(adapter, "golden.safetensors"));
        TensorInfo tensor = reference.Tensors.Single(tensor => tensor.Name == "output.logits");
        float[] expected = new float[tensor.Count];
        reference.Read(tensor, expected);
        CentralDifferences.AssertClose([.. expected.Select(value => (double)value)], output.Logits.ToArray(), 1e-5);
    }

    [Fact]
    public void What_cannot_be_merged_is_named_and_nothing_is_left()
    {
        string adapter = WithoutHead();
        Assert.Contains("classifier.weight", Assert.Throws<CheckpointException>(() => LoraCheckpoint.Merge(_task.Folder, adapter, _task.Path("merged"))).Message, StringComparison.Ordinal);
        Assert.Contains("There are 3 labels", Assert.Throws<ArgumentException>(() => LoraCheckpoint.Merge(_task.Folder, adapter, _task.Path("merged"), ["a", "b", "c"])).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_task.Path("merged")));
    }

    [Fact]
    public void Options_that_mean_nothing_are_refused()
    {
        Assert.Contains("Rank", Assert.Throws<ArgumentOutOfRangeException>(() => FineTuning.Run(_task.Folder, Options(new LoraConfig { Rank = 0 }), _task.Training("no", 1))).Message, StringComparison.Ordinal);
        Assert.Contains("Dropout", Assert.Throws<ArgumentOutOfRangeException>(() => FineTuning.Run(_task.Folder, Options(new LoraConfig { Dropout = 1 }), _task.Training("no", 1))).Message, StringComparison.Ordinal);
        Assert.Contains("'queri' fits no layer", Assert.Throws<CheckpointException>(() => FineTuning.Run(_task.Folder, Options(new LoraConfig { TargetModules = ["queri"] }), _task.Training("no", 1))).Message, StringComparison.Ordinal);
    }

    private FineTuningOptions Options(LoraConfig lora) => _task.Of(FineTuningTask.Classify) with { Lora = lora };

    /// <summary>An adapter of the small model that stores no head.</summary>
    private string WithoutHead()
    {
        using BertModel model = BertModel.Load(_task.Folder);
        using BertForSequenceClassification classifier = BertForSequenceClassification.Create(model.Config with { Id2Label = ["a", "b"] });
        LoraAdapter adapter = LoraAdapter.Create(new LoraConfig { TargetModules = ["query"], TaskType = "SEQ_CLS" }, classifier.Config, HeadKind.SequenceClassification, classifier.Parameters, 1);
        adapter.Save(_task.Path("headless"));
        return _task.Path("headless");
    }
}
