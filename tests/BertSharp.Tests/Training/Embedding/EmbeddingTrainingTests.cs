namespace BertSharp.Tests;

/// <summary>Whole runs of small embedding models.</summary>
public sealed class EmbeddingTrainingTests
{
    private const string Pairs =
        """
        sentence1	sentence2	score
        hello world	hello worlds	5
        the fox	the foxes	5
        hello world	unaffable	0
        the fox jumped	hello	1
        jumping fox	foxes jump	4
        world	the fox	0
        """;

    private const string Triplets =
        """
        {"anchor": "hello world", "positive": "hello worlds", "negative": "the fox"}
        {"anchor": "the fox jumped", "positive": "foxes jump", "negative": "hello"}
        {"anchor": "unaffable", "positive": "affable", "negative": "worlds"}
        {"anchor": "jumping", "positive": "jumped", "negative": "un"}
        """;

    [Theory]
    [InlineData(EmbeddingObjective.MultipleNegativesRanking, "triplets.jsonl", null)]
    [InlineData(EmbeddingObjective.Triplet, "triplets.jsonl", 24)]
    [InlineData(EmbeddingObjective.Cosent, "pairs.tsv", null)]
    [InlineData(EmbeddingObjective.Cosine, "pairs.tsv", 24)]
    [InlineData(EmbeddingObjective.Contrastive, "pairs.tsv", null)]
    public void Every_loss_is_learned_and_the_best_model_is_saved_whole(EmbeddingObjective objective, string data, int? dense)
    {
        using Run run = new();
        EmbeddingTrainingOptions options = new() { Objective = objective, Data = [run.Files.Path(data)], Validation = run.Files.Path("pairs.tsv"), BatchSize = 6, Dense = dense, Matryoshka = dense is null ? [] : [24, 8] };
        TrainingResult result = EmbeddingTraining.Run(run.Task.Folder, options, run.Training, run.Losses);
        Assert.True(run.Losses.Values.TakeLast(4).Average() < 0.7 * run.Losses.Values.Take(4).Average(), $"{run.Losses.Values[0]} … {run.Losses.Values[^1]}");
        using SentenceEmbedder best = SentenceEmbedder.Load(result.ModelFolder!);
        Assert.Equal(dense ?? 36, best.Dimension);
        Assert.Equal(result.BestScore, EmbeddingEvaluation.Of(best, ScoredPair.Read(run.Files.Path("pairs.tsv")))[1].Value);
    }

    [Fact]
    public void A_student_learns_its_teachers_embeddings_and_a_stopped_run_goes_on_to_the_same_bits()
    {
        using Run straight = new(), stopped = new();
        EmbeddingTrainingOptions options = new() { Objective = EmbeddingObjective.Distillation, Data = [straight.Files.Path("text.txt")], BatchSize = 4, StudentLayers = [0], StudentEmbedding = 12 };
        TrainingResult whole = EmbeddingTraining.Run(straight.Task.Folder, options, straight.Training, straight.Losses);
        Assert.True(straight.Losses.Values[^1] < 0.5 * straight.Losses.Values[0], $"{straight.Losses.Values[0]} … {straight.Losses.Values[^1]}");
        using CancellationTokenSource stop = new();
        stopped.Losses.At(7, stop.Cancel);
        Assert.Equal(TrainingEnd.Cancelled, EmbeddingTraining.Run(straight.Task.Folder, options, stopped.Training, stopped.Losses, stop.Token).End);
        TrainingResult resumed = EmbeddingTraining.Run(straight.Task.Folder, options, stopped.Training, stopped.Losses, TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole.ModelFolder!, "model.safetensors")), File.ReadAllBytes(Path.Combine(resumed.ModelFolder!, "model.safetensors")));
        Assert.Equal(File.ReadAllText(Path.Combine(straight.Training.Folder, "log.jsonl")), File.ReadAllText(Path.Combine(stopped.Training.Folder, "log.jsonl")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(24)]
    public void An_adapter_learns_and_is_saved_beside_the_merged_model_and_a_stopped_run_goes_on_to_the_same_bits(int? dense)
    {
        using Run straight = new(), stopped = new();
        LoraConfig lora = new() { Rank = 4, Alpha = 16, Dropout = 0.1, TargetPattern = LoraConfig.AllLinear };
        EmbeddingTrainingOptions options = new() { Objective = EmbeddingObjective.Cosine, Data = [straight.Files.Path("pairs.tsv")], BatchSize = 6, Dense = dense, Lora = lora };
        TrainingResult whole = EmbeddingTraining.Run(straight.Task.Folder, options, straight.Training, straight.Losses);
        Assert.True(straight.Losses.Values.TakeLast(4).Average() < 0.7 * straight.Losses.Values.Take(4).Average(), $"{straight.Losses.Values[0]} … {straight.Losses.Values[^1]}");
        using CancellationTokenSource stop = new();
        stopped.Losses.At(7, stop.Cancel);
        Assert.Equal(TrainingEnd.Cancelled, EmbeddingTraining.Run(straight.Task.Folder, options, stopped.Training, stopped.Losses, stop.Token).End);
        TrainingResult resumed = EmbeddingTraining.Run(straight.Task.Folder, options, stopped.Training, stopped.Losses, TestContext.Current.CancellationToken);
        string[] files = ["model.safetensors", "adapter/adapter_model.safetensors", .. dense is null ? (string[])[] : ["2_Dense/model.safetensors"]];
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(whole.ModelFolder!, file)), File.ReadAllBytes(Path.Combine(resumed.ModelFolder!, file))));

        // The adapter alone gives the same encoder from the model it was trained on; what it does not name is as it was.
        LoraCheckpoint.Merge(straight.Task.Folder, Path.Combine(whole.ModelFolder!, "adapter"), straight.Files.Path("merged"));
        using BertModel start = BertModel.Load(straight.Task.Folder), merged = BertModel.Load(straight.Files.Path("merged")), saved = BertModel.Load(whole.ModelFolder!);
        Assert.All(saved.ParameterList.Where(info => info.Part != ParameterPart.Pooler), info => Numbers.AssertSameBits(merged.GetParameter(info.Name), saved.GetParameter(info.Name), info.Name));
        Numbers.AssertSameBits(start.GetParameter("bert.embeddings.word_embeddings.weight"), saved.GetParameter("bert.embeddings.word_embeddings.weight"), "embeddings");
        Assert.NotEqual(start.GetParameter("bert.encoder.layer.0.intermediate.dense.weight"), saved.GetParameter("bert.encoder.layer.0.intermediate.dense.weight"));
        Assert.Equal("FEATURE_EXTRACTION", LoraConfigJson.Read(File.ReadAllText(Path.Combine(whole.ModelFolder!, "adapter", AdapterFile.ConfigName)), "config").TaskType);
    }

    [Fact]
    public void A_student_takes_no_adapter()
    {
        using Run run = new();
        EmbeddingTrainingOptions options = new() { Objective = EmbeddingObjective.Distillation, Data = [run.Files.Path("text.txt")], StudentLayers = [0], StudentEmbedding = 12, Lora = new LoraConfig() };
        Assert.Contains("student is trained whole", Assert.Throws<ArgumentException>(() => EmbeddingTraining.Run(run.Task.Folder, options, run.Training)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_example_is_named_with_file_and_line()
    {
        using Run run = new();
        string file = run.Files.Write("bad.jsonl", "{\"anchor\": \"a\", \"positive\": \"b\"}\n{\"anchor\": \"a\"}\n");
        BadRecordException error = Assert.Throws<BadRecordException>(() => EmbeddingTraining.Run(run.Task.Folder, new EmbeddingTrainingOptions { Objective = EmbeddingObjective.MultipleNegativesRanking, Data = [file] }, run.Training));
        Assert.Contains("bad.jsonl:2", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A model, files of examples, a folder, and what is told of a run.</summary>
    private sealed class Run : IDisposable
    {
        public Run()
        {
            Files.Write("pairs.tsv", Pairs);
            Files.Write("triplets.jsonl", Triplets);
            Files.Write("text.txt", "Hello fox, hello world. The fox jumped over the world. Unaffable foxes jump. The world is unaffable.\nHello to the fox. Worlds and foxes jumped.");
        }

        public TinyTask Task { get; } = new(HeadKind.None);

        public CheckpointFiles Files { get; } = new();

        public LossList Losses { get; } = new();

        public TrainingOptions Training => new() { Folder = Files.Path("run"), Steps = 40, LearningRate = 3e-3, Warmup = 2, ValidationSteps = 10 };

        public void Dispose()
        {
            Task.Dispose();
            Files.Dispose();
        }
    }

    /// <summary>The losses of a run's steps, and something that happens after one of them.</summary>
    private sealed class LossList : IProgress<TrainingProgress>
    {
        private (long Step, Action Action)? _event;

        public List<double> Values { get; } = [];

        public void At(long step, Action action) => _event = (step, action);

        public void Report(TrainingProgress value)
        {
            if (value.Note is null)
            {
                Values.Add(value.Loss);
            }

            if (_event is { } happens && value.Step == happens.Step)
            {
                happens.Action();
            }
        }
    }
}
