using System.Text.Json;

namespace BertSharp.Tests;

/// <summary>Fine-tuning of every task: it learns, ends in the same bits however it was run, and says what it cannot use.</summary>
[Collection(Widths.Alone)]
public sealed class FineTuningTests : IDisposable
{
    private readonly SmallTask _task = new();

    public static TheoryData<FineTuningTask> Tasks { get; } = [.. Enum.GetValues<FineTuningTask>()];

    public void Dispose() => _task.Dispose();

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Every_task_is_learned_with_dropout_on(FineTuningTask task)
    {
        TrainingOptions training = _task.Training("learned", 200);
        TrainingResult result = FineTuning.Run(_task.Folder, _task.Of(task), training, null, TestContext.Current.CancellationToken);
        Assert.Equal((TrainingEnd.Finished, Path.Combine(training.Folder, "best")), (result.End, result.ModelFolder));
        Assert.InRange(result.BestScore!.Value, task switch { FineTuningTask.Answer => 99, FineTuningTask.Regression => 0.95, _ => 0.98 }, 100); // Percent; a correlation; a share.
        double[] losses = [.. File.ReadLines(Path.Combine(training.Folder, "log.jsonl")).Select(line => JsonElement.Parse(line)).Where(line => line.TryGetProperty("loss", out _)).Select(line => line.GetProperty("loss").GetDouble())];
        Assert.Equal(200, losses.Length);
        Assert.InRange(losses.TakeLast(20).Average(), 0, 0.15 * losses.Take(5).Average());
        Assert.StartsWith("<svg", File.ReadAllText(Path.Combine(training.Folder, "curve.svg")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_run_that_was_stopped_and_had_other_threads_and_micro_batches_ends_in_the_same_bytes(FineTuningTask task)
    {
        FineTuningOptions options = _task.Of(task);
        Threads.At(1, () => FineTuning.Run(_task.Folder, options, _task.Training("straight", 12)));
        using CancellationTokenSource stop = new();
        Immediate<TrainingProgress> stopAtSeven = new(progress => Cancel(progress.Step == 7));
        Threads.At(2, () => Assert.Equal(TrainingEnd.Cancelled, FineTuning.Run(_task.Folder, options, _task.Training("stopped", 12), stopAtSeven, stop.Token).End));
        Threads.At(2, () => FineTuning.Run(_task.Folder, options, _task.Training("stopped", 12) with { MicroBatchTokens = 1000, Recompute = true }));
        foreach (string file in (string[])["log.jsonl", "step-000000000012.checkpoint", "best/model.safetensors", "last/model.safetensors"])
        {
            Assert.True(File.ReadAllBytes(_task.Path($"straight/{file}")).AsSpan().SequenceEqual(File.ReadAllBytes(_task.Path($"stopped/{file}"))), $"{task}: {file} differs");
        }

        void Cancel(bool now)
        {
            if (now)
            {
                stop.Cancel();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Each_metric_of_a_task_is_among_its_figures(FineTuningTask task)
    {
        FineTuningOptions options = _task.Of(task);
        BertTokenizer tokenizer = TinyVocabulary.Tokenizer;
        using TaskExamples examples = task switch
        {
            FineTuningTask.Tokens => TagTask.Open(_task.Folder, tokenizer, options, 1),
            FineTuningTask.Answer => AnswerTask.Open(_task.Folder, tokenizer, options, 1),
            FineTuningTask.Choice => ChoiceTask.Open(_task.Folder, tokenizer, options, 1),
            _ => TextTask.Open(_task.Folder, tokenizer, options, 1),
        };
        string[] figures = [.. examples.HeldOut!.Measure(default).Select(figure => figure.Key)];
        Assert.All(examples.HeldOut.Metrics, metric => Assert.Contains(metric, figures));
    }

    [Fact]
    public void Every_example_comes_once_a_pass_and_passes_differ()
    {
        FineTuningOptions options = _task.Of(FineTuningTask.Classify);
        using TaskExamples examples = TextTask.Open(_task.Folder, TinyVocabulary.Tokenizer, options, 1);
        using FineTuningJob job = new(examples, TinyVocabulary.Tokenizer, options, _task.Training("none", 1));
        Assert.Equal(4, job.StepsPerEpoch);
        int[][] steps = [.. Enumerable.Range(0, 8).Select(step => job.ExamplesOf(step))];
        Assert.Equal([8, 8, 8, 2], steps.Take(4).Select(step => step.Length));
        int[] first = [.. steps.Take(4).SelectMany(step => step)], second = [.. steps.Skip(4).SelectMany(step => step)];
        Assert.Equal(Enumerable.Range(0, 26), first.Order());
        Assert.Equal(Enumerable.Range(0, 26), second.Order());
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void What_is_saved_knows_its_labels_and_every_task_class_loads_it()
    {
        FineTuningOptions options = _task.Of(FineTuningTask.Classify) with { Labels = ["place", "animal"] };
        string folder = FineTuning.Run(_task.Folder, options, _task.Training("saved", 60)).ModelFolder!;
        using TextClassifier classifier = TextClassifier.Load(folder);
        Assert.Equal(["place", "animal"], classifier.Config.Id2Label);
        Assert.Equal("single_label_classification", classifier.Config.ProblemType);
        Assert.Equal("animal", classifier.Classify("q fox").Label);
        using Reranker reranker = Reranker.Load(FineTuning.Run(_task.Folder, _task.Of(FineTuningTask.Rerank), _task.Training("reranker", 60)).ModelFolder!);
        Assert.Equal("q fox", reranker.Rank("hello fox", ["q world", "q fox"])[0].Text);
        using QuestionAnswerer reader = QuestionAnswerer.Load(FineTuning.Run(_task.Folder, _task.Of(FineTuningTask.Answer), _task.Training("reader", 100)).ModelFolder!);
        Assert.Equal("fox", reader.Answer("the?", "z z fox jumped").Text);
    }

    [Fact]
    public void Frozen_weights_stay_and_must_be_the_same_when_a_run_goes_on()
    {
        FineTuningOptions options = _task.Of(FineTuningTask.Classify);
        TrainingOptions training = _task.Training("frozen", 6) with { Freeze = ["bert.embeddings.*"] };
        using BertModel before = BertModel.Load(_task.Folder);
        using (BertModel after = BertModel.Load(FineTuning.Run(_task.Folder, options, training).ModelFolder!))
        {
            Assert.Equal(before.GetParameter("bert.embeddings.word_embeddings.weight"), after.GetParameter("bert.embeddings.word_embeddings.weight"));
            Assert.NotEqual(before.GetParameter("bert.encoder.layer.0.output.dense.weight"), after.GetParameter("bert.encoder.layer.0.output.dense.weight"));
        }

        using SmallTask other = new(seed: 6);
        Assert.Contains("job.Start was", Assert.Throws<CheckpointException>(() => FineTuning.Run(other.Folder, options, training)).Message, StringComparison.Ordinal);
        Refused<ArgumentException>(options, "'bert.embedings.*' matches no parameter", training with { Folder = _task.Path("typo"), Freeze = ["bert.embedings.*"] });
    }

    [Fact]
    public void Random_weights_come_from_the_seed_and_not_from_the_model()
    {
        FineTuningOptions options = _task.Of(FineTuningTask.Classify) with { RandomWeights = true };
        TrainingOptions training = _task.Training("random", 1) with { Freeze = ["bert.embeddings.*"] };
        using SmallTask other = new(seed: 6);
        using BertModel one = BertModel.Load(FineTuning.Run(_task.Folder, options, training).ModelFolder!);
        using BertModel same = BertModel.Load(FineTuning.Run(other.Folder, options, training with { Folder = _task.Path("same") }).ModelFolder!);
        using BertModel another = BertModel.Load(FineTuning.Run(_task.Folder, options, training with { Folder = _task.Path("another"), Seed = training.Seed + 1 }).ModelFolder!);
        const string Weight = "bert.embeddings.word_embeddings.weight";
        Assert.Equal(one.GetParameter(Weight), same.GetParameter(Weight));
        Assert.NotEqual(one.GetParameter(Weight), another.GetParameter(Weight));
        Refused<ArgumentException>(options with { Lora = new LoraConfig() }, "adapter changes pretrained weights");
    }

    [Fact]
    public void Dropout_is_that_of_a_model_whose_configuration_says_so()
    {
        FineTuningOptions options = _task.Of(FineTuningTask.Classify);
        TrainingOptions training = _task.Training("given", 3);
        using (BertModel model = BertModel.Create(SmallTask.Config with { HiddenDropoutProb = 0.3, AttentionProbsDropoutProb = 0.3 }, seed: 5))
        {
            model.Save(_task.Path("dropping"));
            TinyVocabulary.Tokenizer.Save(_task.Path("dropping"));
        }

        byte[] Trained(string folder, double? dropout, string run) =>
            File.ReadAllBytes(Path.Combine(FineTuning.Run(folder, options, training with { Folder = _task.Path(run), Dropout = dropout }).ModelFolder!, "model.safetensors"));
        byte[] given = Trained(_task.Folder, 0.3, "given");
        Assert.Equal(Trained(_task.Path("dropping"), null, "configured"), given);
        Assert.NotEqual(Trained(_task.Folder, null, "other"), given);
        Refused<CheckpointException>(options, "Dropout was '0.3', is '0.2'", training with { Dropout = 0.2 });
        Refused<ArgumentOutOfRangeException>(options, "Dropout: expected 0 to below 1", training with { Dropout = 1 });
    }

    [Fact]
    public void What_cannot_be_used_is_named_with_its_place()
    {
        FineTuningOptions classify = _task.Of(FineTuningTask.Classify), choice = _task.Of(FineTuningTask.Choice), rerank = _task.Of(FineTuningTask.Rerank);
        string one = _task.Write("one.tsv", "text\tlabel\na fox\tanimal\n"), bad = _task.Write("bad.tsv", "text\tlabel\na fox\tanimal\n\tplace\n");
        Refused<DataFileException>(classify with { Data = bad }, "bad.tsv:3: \"text\" is empty");
        Refused<DataFileException>(classify with { Data = one }, "1 different labels (animal)", "--labels");
        Refused<DataFileException>(classify with { Validation = _task.Write("unknown.tsv", "text\tlabel\na fox\tstone\n") }, "unknown.tsv:2: the label 'stone' is none of animal, place");
        Refused<DataFileException>(classify with { Validation = _task.Write("pairs.tsv", "text\ttext_pair\tlabel\na fox\ta world\tplace\n") }, "pairs.tsv:2: the example has two texts", "have one");
        Refused<DataFileException>(classify with { Validation = _task.Write("empty.jsonl", "") }, "empty.jsonl: there is no example");
        Refused<DataFileException>(classify with { Task = FineTuningTask.Regression }, "Classify.jsonl:1: the label is 'animal'; expected a number");
        Refused<DataFileException>(rerank with { Data = _task.Write("rank.jsonl", "{\"text\": \"a\", \"text_pair\": \"b\", \"label\": 2}\n") }, "rank.jsonl:1: the label is '2'; expected 0 to 1");
        Refused<DataFileException>(choice with { Validation = _task.Write("three.jsonl", "{\"text\": \"a\", \"choices\": [\"b\", \"c\", \"d\"], \"label\": 2}\n") }, "three.jsonl:1: there are 3 choices", "Choice.jsonl:1 are 2");
        Refused<ArgumentException>(classify with { Metric = "spearman" }, "'spearman' is none of this task's: accuracy, f1, precision, recall, matthews");
        Refused<ArgumentException>(_task.Of(FineTuningTask.Answer) with { MaxLength = 6, DocStride = 4 }, "leaves", "lower the stride");
    }

    private void Refused<TException>(FineTuningOptions options, string what, string more) => Refused<TException>(options, what, more, _task.Training("refused", 2));

    private void Refused<TException>(FineTuningOptions options, string what, TrainingOptions? training = null) => Refused<TException>(options, what, what, training ?? _task.Training("refused", 2));

    private void Refused<TException>(FineTuningOptions options, string what, string more, TrainingOptions training)
    {
        Exception error = Record.Exception(() => FineTuning.Run(_task.Folder, options, training))!;
        Assert.True(error is TException, $"{error}");
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(more, error.Message, StringComparison.Ordinal);
    }
}
