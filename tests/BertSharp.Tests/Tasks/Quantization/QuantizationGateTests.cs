namespace BertSharp.Tests;

/// <summary>The gate: what it measures, which layers it keeps, and that what it promises holds for the model that is written.</summary>
public sealed class QuantizationGateTests : IDisposable
{
    private readonly CheckpointFiles _files = new();

    private static (string, string?)[] Sentences => [.. File.ReadLines(SharedData.Require("data", "stsbenchmark", "sts-test.csv"))
        .Take(40).Select(line => (line.Split('\t')[5], (string?)null))];

    [Fact]
    public void Embeddings_stay_as_near_as_was_asked_and_the_most_sensitive_layers_are_kept()
    {
        string source = SharedData.Require("models", "real", "all-MiniLM-L6-v2"), written = _files.Path("written");
        QuantizationGate gate = QuantizationGate.Open(source, Sentences);
        List<QuantizationProgress> reports = [];
        QuantizationPlan plan = gate.Find(WeightFormat.Int8, 0.0003, progress: new Immediate<QuantizationProgress>(reports.Add));
        Assert.Contains("embeddings", gate.Measure, StringComparison.Ordinal);
        Assert.True(plan.IsReached);
        Assert.True(plan.Before.Drop > 0.0003 && plan.After.Drop <= 0.0003, $"{plan}");
        Assert.Equal(36, plan.Modules.Count);
        Assert.Equal(plan.Config.ModulesToNotConvert, plan.Modules.Where(module => module.Kept).Select(module => module.Name));
        Assert.InRange(plan.Config.ModulesToNotConvert.Count, 1, 15);
        double least = plan.Modules.Where(module => module.Kept).Min(module => module.Sensitivity!.Value.Drop);
        Assert.All(plan.Modules.Where(module => !module.Kept), module => Assert.InRange(module.Sensitivity!.Value.Drop, 0, least));
        Assert.Equal(reports.OrderBy(report => report.Texts), reports);
        Assert.InRange(reports[^1].Share, 0.5, 1);

        // What was written has the drop that was measured.
        ModelQuantizer.Quantize(source, written, plan.Config);
        using SentenceEmbedder floats = SentenceEmbedder.Load(source), int8 = SentenceEmbedder.Load(written);
        string[] texts = [.. Sentences.Select(item => item.Item1)];
        Assert.Equal(plan.After, VectorDrop.Of(floats.Embed(texts), int8.Embed(texts)));
    }

    [Fact]
    public void One_layer_less_would_not_do()
    {
        string source = SharedData.Require("models", "real", "all-MiniLM-L6-v2");
        QuantizationGate gate = QuantizationGate.Open(source, Sentences);
        QuantizationPlan plan = gate.Find(WeightFormat.Int8, 0.0003);
        string last = plan.Modules.Where(module => module.Kept).MinBy(module => module.Sensitivity!.Value.Drop)!.Name;
        QuantizationConfig less = plan.Config with { ModulesToNotConvert = [.. plan.Config.ModulesToNotConvert.Where(name => name != last)] };
        using SentenceEmbedder floats = SentenceEmbedder.Load(source, WeightFormat.Float32), quantized = SentenceEmbedder.Load(source, less);
        string[] texts = [.. Sentences.Select(item => item.Item1)];
        Assert.True(VectorDrop.Of(floats.Embed(texts), quantized.Embed(texts)).Drop > 0.0003);
    }

    [Fact]
    public void Where_the_drop_holds_at_once_nothing_more_is_measured()
    {
        using TinyTask task = new(HeadKind.TokenClassification);
        QuantizationPlan plan = QuantizationGate.Open(task.Folder, [("hello world", null), ("world", null)]).Find(WeightFormat.BFloat16, 0.1, ["bert.encoder.layer.1.output.dense"]);
        Assert.True(plan.IsReached);
        Assert.Equal(plan.Before, plan.After);
        Assert.InRange(plan.After.Drop, 1e-9, 1e-3);
        Assert.All(plan.Modules, module => Assert.Null(module.Sensitivity));
        Assert.Equal(["bert.encoder.layer.1.output.dense"], plan.Modules.Where(module => module.Kept).Select(module => module.Name));
    }

    [Fact]
    public void A_drop_that_no_layer_allows_is_not_reached()
    {
        using TinyTask task = new(HeadKind.MaskedLM);
        QuantizationGate gate = QuantizationGate.Open(task.Folder, [("hello", "world"), ("world", "hello")]);
        Assert.Contains("hidden states", gate.Measure, StringComparison.Ordinal);
        QuantizationPlan plan = gate.Find(WeightFormat.Int8, 0);
        Assert.False(plan.IsReached);
        Assert.Equal(12, plan.Config.ModulesToNotConvert.Count);
        Assert.True(plan.Before.Drop > 0);
        string[] all = [.. plan.Modules.Select(module => module.Name)];
        Assert.False(gate.Find(WeightFormat.Int8, 0.5, all).IsReached);
    }

    [Theory]
    [InlineData(3, "share of texts")]
    [InlineData(1, "largest change of a score")]
    public void Classifiers_are_measured_by_their_labels(int labels, string measure)
    {
        using TinyTask task = new(HeadKind.SequenceClassification, [.. Enumerable.Range(0, labels).Select(i => $"label {i}")]);
        QuantizationGate gate = QuantizationGate.Open(task.Folder, [("hello", "world"), ("hello world", "hello")]);
        Assert.Contains(measure, gate.Measure, StringComparison.Ordinal);
        QuantizationPlan plan = gate.Find(WeightFormat.Int8, 1);
        Assert.True(plan.IsReached);
        Assert.InRange(plan.Before.Largest, 1e-7, 0.2);
        using TextClassifier floats = TextClassifier.Load(task.Folder), int8 = TextClassifier.Load(task.Folder, WeightFormat.Int8);
        double change = new[] { ("hello", "world"), ("hello world", "hello") }.Max(pair =>
            floats.Classify([pair])[0].Max(label => Math.Abs((double)label.Score - int8.Classify([pair])[0].Single(other => other.Label == label.Label).Score)));
        Assert.Equal(change, plan.Before.Largest);
    }

    [Fact]
    public void Labels_that_change_are_counted_and_numbers_that_are_none()
    {
        using TinyTask task = new(HeadKind.SequenceClassification);
        QuantizationMeasure measure = QuantizationMeasure.For(task.Folder);
        QuantizationDrop drop = measure.Compare([[0.9f, 0.1f], [0.4f, 0.6f], [0.5f, 0.5f], [1, 0]], [[0.8f, 0.2f], [0.75f, 0.25f], [0.5f, 0.5f], [float.NaN, 0]]);
        Assert.Equal(0.5, drop.Drop);
        Assert.Equal(double.PositiveInfinity, drop.Largest);
        Assert.Equal((double)0.75f - 0.4f, measure.Compare([[0.4f, 0.6f]], [[0.75f, 0.25f]]).Largest, 6);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        using TinyTask task = new(HeadKind.MaskedLM);
        Assert.Throws<ArgumentException>(() => QuantizationGate.Open(task.Folder, []));
        Assert.Contains("1 of 2", Assert.Throws<ArgumentException>(() => QuantizationGate.Open(task.Folder, [("a", "b"), ("c", null)])).Message, StringComparison.Ordinal);
        QuantizationGate gate = QuantizationGate.Open(task.Folder, [("hello", null)]);
        Assert.Throws<ArgumentException>(() => gate.Find(WeightFormat.Int8, -0.1));
        Assert.Throws<ArgumentException>(() => gate.Find(WeightFormat.Int8, double.NaN));
        Assert.Throws<ArgumentException>(() => gate.Find(WeightFormat.Float32, 0.1));
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => gate.Find(WeightFormat.Int8, 0, cancellation: stop.Token));
    }

    public void Dispose() => _files.Dispose();
}
