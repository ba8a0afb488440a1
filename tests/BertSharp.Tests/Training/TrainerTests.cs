using System.Text.Json;

namespace BertSharp.Tests;

/// <summary>The loop around a job: what it writes, when it stops, and what it refuses.</summary>
public sealed class TrainerTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"bertsharp-run-{Guid.NewGuid():N}");

    private TrainingOptions Options => new() { Folder = _folder, Steps = 30, LearningRate = 0.05, Warmup = 5, CheckpointSteps = 10 };

    private string Log => Path.Combine(_folder, "log.jsonl");

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public void A_run_learns_logs_validates_and_keeps_the_best_and_the_last_model()
    {
        using SmallJob job = new(size: 20);
        List<TrainingProgress> reports = [];
        TrainingResult result = Fit(job, Options, progress: new Immediate<TrainingProgress>(reports.Add));
        Assert.Equal(TrainingEnd.Finished, result.End);
        Assert.Equal(30, result.Step);
        Assert.Equal(Path.Combine(_folder, "best"), result.ModelFolder);
        JsonElement[] lines = [.. File.ReadLines(Log).Select(line => JsonDocument.Parse(line).RootElement)];
        JsonElement[] steps = [.. lines.Where(line => line.TryGetProperty("loss", out _))], validations = [.. lines.Where(line => line.TryGetProperty("validation", out _))];
        Assert.Equal(Enumerable.Range(1, 30), steps.Select(line => line.GetProperty("step").GetInt32()));
        Assert.Equal([10, 20, 30], validations.Select(line => line.GetProperty("step").GetInt32()));
        Assert.All(validations, line => Assert.Equal(JsonValueKind.Null, line.GetProperty("validation").GetProperty("not_a_number").ValueKind));
        Assert.Equal(["step", "loss", "squared_error", "learning_rate", "gradient_norm", "tokens"], steps[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(0, steps[0].GetProperty("learning_rate").GetDouble());
        Assert.Equal(0.05 * 24 / 25, steps[6].GetProperty("learning_rate").GetDouble(), 1e-15);
        Assert.True(steps[^5..].Average(line => line.GetProperty("loss").GetDouble()) < 0.6 * steps[..5].Average(line => line.GetProperty("loss").GetDouble()));
        Assert.Equal(validations.Min(line => line.GetProperty("validation").GetProperty("error").GetDouble()), result.BestScore);
        Assert.Equal(30, File.ReadLines(Path.Combine(_folder, "timing.jsonl")).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("tokens_per_second").GetDouble()).Count(speed => speed > 0));
        Assert.Equal(["step-000000000020.checkpoint", "step-000000000030.checkpoint"], Checkpoints());
        Assert.Equal(33, reports.Count);
        Assert.Equal((30, 30, TimeSpan.Zero), (reports[^1].Step, reports[^1].Steps, reports[^1].TimeLeft));
        Assert.Equal(3, reports.Count(report => report.Note is not null));
    }

    [Fact]
    public void A_finished_run_does_nothing_more()
    {
        Fit(new SmallJob(), Options);
        byte[] log = File.ReadAllBytes(Log);
        using SmallJob job = new() { OnStep = _ => Assert.Fail("A step was done.") };
        Assert.Equal(TrainingEnd.Finished, Fit(job, Options).End);
        Assert.Equal(log, File.ReadAllBytes(Log));
    }

    [Fact]
    public void Patience_stops_after_so_many_validations_that_are_no_better_and_the_best_stays()
    {
        double[] scores = [5, 3, 4, 3, 9];
        using SmallJob job = new() { Score = (i, _) => scores[i] };
        TrainingResult result = Fit(job, Options with { ValidationSteps = 2, Patience = 2 });
        Assert.Equal((TrainingEnd.EarlyStopped, 8L, 3.0, 4L), (result.End, result.Step, result.BestScore!.Value, result.BestStep));
        using SmallJob again = new() { OnStep = _ => Assert.Fail("A step was done.") };
        Assert.Equal(TrainingEnd.EarlyStopped, Fit(again, Options with { ValidationSteps = 2, Patience = 2 }).End);
    }

    [Fact]
    public void Without_held_out_examples_the_last_model_is_the_result()
    {
        TrainingResult result = Fit(new SmallJob { HasValidation = false }, Options);
        Assert.Equal((Path.Combine(_folder, "last"), null), (result.ModelFolder, result.BestScore));
        Assert.False(Directory.Exists(Path.Combine(_folder, "best")));
    }

    [Fact]
    public void A_score_that_is_no_number_is_never_the_best()
    {
        TrainingResult result = Fit(new SmallJob { Score = (i, score) => i == 1 ? score : double.NaN }, Options);
        Assert.Equal(20, result.BestStep);
    }

    [Theory]
    [InlineData(double.NaN, "not a number")]
    [InlineData(double.PositiveInfinity, "infinite")]
    public void A_loss_that_is_not_finite_stops_with_the_step_named_and_the_checkpoint_whole(double value, string word)
    {
        using SmallJob job = new() { Loss = (step, loss) => step == 17 ? value : loss };
        NotFiniteNumberException error = Assert.Throws<NotFiniteNumberException>(() => Fit(job, Options));
        Assert.Contains("Step 18: the loss is " + word, error.Message);
        Assert.Contains("The checkpoint of step 10 in " + _folder, error.Message);
        Assert.True(RunCheckpoint.IsWhole(Path.Combine(_folder, "step-000000000010.checkpoint")));
        Assert.Equal(TrainingEnd.Finished, Fit(new SmallJob(), Options).End);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_stops_before_it_reaches_a_weight()
    {
        using SmallJob job = new();
        job.OnStep = step => job.Parameters[0].Values[3] = step == 4 ? float.NaN : job.Parameters[0].Values[3];
        job.Loss = (_, _) => 1;
        Assert.Contains("Step 5: the norm of the gradient is not a number", Assert.Throws<NotFiniteNumberException>(() => Fit(job, Options)).Message);
        Assert.True(float.IsFinite(job.Parameters[2].Values[0]));
    }

    [Fact]
    public void A_full_disk_stops_with_the_step_named_and_the_checkpoint_whole()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full.");
        Cancel(step: 12);
        string timing = Path.Combine(_folder, "timing.jsonl");
        File.Delete(timing);
        File.CreateSymbolicLink(timing, "/dev/full");
        IOException error = Assert.Throws<IOException>(() => Fit(new SmallJob(), Options));
        Assert.Contains("Stopped after step 13: No space left on device", error.Message);
        Assert.Contains("The checkpoint of step 12 in " + _folder, error.Message);
        File.Delete(timing);
        Assert.Equal(TrainingEnd.Finished, Fit(new SmallJob(), Options).End);
        Assert.Equal(30, File.ReadLines(Log).Count(line => line.Contains("loss", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_leaves_the_last_good_one()
    {
        // A folder in the place of the file: the rename fails as the last act of the write.
        Directory.CreateDirectory(Path.Combine(_folder, "step-000000000020.checkpoint", "x"));
        IOException error = Assert.Throws<IOException>(() => Fit(new SmallJob(), Options));
        Assert.Contains("Stopped after step 20: ", error.Message);
        Assert.Contains("The checkpoint of step 10 in ", error.Message);
        Assert.Empty(Directory.GetFiles(_folder, "*.tmp"));
        Directory.Delete(Path.Combine(_folder, "step-000000000020.checkpoint"), recursive: true);
        Assert.Equal(TrainingEnd.Finished, Fit(new SmallJob(), Options).End);
    }

    [Fact]
    public void A_damaged_checkpoint_is_skipped_with_a_word_and_none_but_damaged_ones_is_an_error()
    {
        Fit(new SmallJob(), Options);
        byte[] log = File.ReadAllBytes(Log);
        Damage("step-000000000030.checkpoint");
        List<string?> notes = [];
        Assert.Equal(30, Fit(new SmallJob(), Options, new Immediate<TrainingProgress>(report => notes.Add(report.Note))).Step);
        Assert.Contains(notes, note => note!.Contains("step-000000000030.checkpoint is damaged", StringComparison.Ordinal));
        Assert.Contains("Goes on after step 20.", notes);
        Assert.Equal(log, File.ReadAllBytes(Log));
        Damage("step-000000000030.checkpoint");
        File.WriteAllBytes(Path.Combine(_folder, "step-000000000020.checkpoint"), [1, 2, 3]);
        Assert.Contains("checksum is wrong", Assert.Throws<CheckpointException>(() => Fit(new SmallJob(), Options)).Message);
    }

    [Fact]
    public void Other_options_and_other_data_are_refused_by_name_with_both_values()
    {
        Cancel(step: 12);
        string message = Assert.Throws<CheckpointException>(() => Fit(new SmallJob { Data = "others" }, Options with { LearningRate = 0.1, Optimizer = OptimizerKind.Lamb })).Message;
        Assert.Contains("LearningRate was '0.05', is '0.1'; Optimizer was 'AdamW', is 'Lamb'; job.data was 'drawn by step', is 'others'", message);
        Assert.Equal(TrainingEnd.Finished, Fit(new SmallJob(), Options with { CheckpointSteps = 3, CheckpointMinutes = 1 }).End);
    }

    [Theory]
    [InlineData(5, 12, true)]
    [InlineData(0.1, 12, false)]
    [InlineData(5, 28, false)]
    public void The_end_of_a_stable_schedule_may_move_until_its_fall_unless_the_warm_up_is_a_share(double warmup, long step, bool moves)
    {
        TrainingOptions options = Options with { Schedule = ScheduleKind.WarmupStableDecay, Warmup = warmup, Decay = 5 }, moved = options with { Steps = 60, Decay = 9 };
        Cancel(step, options);
        if (!moves)
        {
            Assert.Contains("Steps was '30', is '60'", Assert.Throws<CheckpointException>(() => Fit(new SmallJob(), moved)).Message);
            return;
        }

        Assert.Equal(60, Fit(new SmallJob(), moved).Step);
        byte[] log = File.ReadAllBytes(Log);
        Directory.Delete(_folder, recursive: true);
        Fit(new SmallJob(), moved);
        Assert.Equal(File.ReadAllBytes(Log), log);
    }

    [Fact]
    public void Every_option_that_can_change_a_bit_is_part_of_the_identity()
    {
        using SmallJob job = new();
        string[] names = [.. RunIdentity.Of(job, Options, 30).Keys.Where(name => !name.StartsWith("job.", StringComparison.Ordinal))];
        string[] free = ["Folder", "Epochs", "CheckpointSteps", "CheckpointMinutes", "MicroBatchTokens", "Recompute"];
        Assert.Equal(typeof(TrainingOptions).GetProperties().Select(property => property.Name).Except(free).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Another_model_is_refused_with_its_parameter_named()
    {
        Cancel(step: 12);
        using SmallJob job = new(size: 301);
        Assert.Contains("job.size was '300', is '301'", Assert.Throws<CheckpointException>(() => Fit(job, Options)).Message);
    }

    [Fact]
    public void A_folder_is_one_process_s_at_a_time()
    {
        using SmallJob job = new(), other = new();
        using (new Trainer(job, Options))
        {
            Assert.Contains("another process trains in this folder", Assert.Throws<CheckpointException>(() => new Trainer(other, Options)).Message);
        }

        new Trainer(other, Options).Dispose();
    }

    [Fact]
    public void A_log_that_was_cut_is_refused()
    {
        Cancel(step: 12);
        File.WriteAllText(Log, "{}\n");
        Assert.Contains("found 3", Assert.Throws<CheckpointException>(() => Fit(new SmallJob(), Options)).Message);
    }

    [Fact]
    public void Frozen_parameters_keep_their_bits_and_a_run_of_frozen_ones_is_refused()
    {
        using SmallJob job = new();
        float[] before = job.Parameters[0].Values.ToArray();
        using (Trainer trainer = new(job, Options with { Freeze = ["*.dense.weight"] }))
        {
            trainer.Fit(null, CancellationToken.None);
        }

        Numbers.AssertSameBits(before, job.Parameters[0].Values, "frozen");
        Assert.NotEqual(1, job.Parameters[1].Values[0]);
        Assert.Throws<ArgumentException>(() => Fit(new SmallJob(), Options with { Freeze = ["*"] }));
    }

    [Fact]
    public void Options_that_mean_nothing_are_refused_by_name()
    {
        TrainingOptions[] wrong =
        [
            Options with { Steps = 0 }, Options with { Epochs = 0 }, Options with { LearningRate = double.NaN }, Options with { Warmup = -1 }, Options with { Decay = double.PositiveInfinity },
            Options with { Beta1 = 1 }, Options with { Beta2 = -0.1 }, Options with { Epsilon = 0 }, Options with { WeightDecay = -1 }, Options with { MaxGradientNorm = -1 },
            Options with { LayerwiseDecay = 0 }, Options with { CheckpointSteps = -1 }, Options with { CheckpointMinutes = 0 }, Options with { ValidationSteps = 0 }, Options with { Patience = -1 },
        ];
        string[] names = ["Steps", "Epochs", "LearningRate", "Warmup", "Decay", "Beta1", "Beta2", "Epsilon", "WeightDecay", "MaxGradientNorm", "LayerwiseDecay", "CheckpointSteps", "CheckpointMinutes", "ValidationSteps", "Patience"];
        using SmallJob job = new();
        Assert.Equal(names, wrong.Select(options => Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(job, options)).ParamName));
        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public void Epochs_are_passes_over_the_examples_a_part_rounded_up() =>
        Assert.Equal(26, Fit(new SmallJob(), Options with { Steps = null, Epochs = 2.55 }).Step);

    private static TrainingResult Fit(SmallJob job, TrainingOptions options, IProgress<TrainingProgress>? progress = null)
    {
        using (job)
        {
            using Trainer trainer = new(job, options);
            return trainer.Fit(progress, CancellationToken.None);
        }
    }

    private void Cancel(long step, TrainingOptions? options = null)
    {
        using CancellationTokenSource source = new();
        using SmallJob job = new();
        using Trainer trainer = new(job, options ?? Options);
        Assert.Equal(TrainingEnd.Cancelled, trainer.Fit(new Immediate<TrainingProgress>(report => Cancel(source, report.Step == step)), source.Token).End);
    }

    private static void Cancel(CancellationTokenSource source, bool now)
    {
        if (now)
        {
            source.Cancel();
        }
    }

    private IEnumerable<string> Checkpoints() => Directory.EnumerateFiles(_folder, "*.checkpoint").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal);

    private void Damage(string name)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(_folder, name));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Path.Combine(_folder, name), bytes);
    }
}
