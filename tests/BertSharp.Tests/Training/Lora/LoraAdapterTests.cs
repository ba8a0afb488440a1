using System.Text.Json;

namespace BertSharp.Tests;

/// <summary>Adapters against PEFT: merged weights and outputs, files, and the way back to the original bits.</summary>
public sealed class LoraAdapterTests : IDisposable
{
    private readonly CheckpointFiles _files = new();

    [Fact]
    public void A_merged_adapter_gives_the_outputs_and_the_loss_of_PEFT()
    {
        string folder = SharedData.Require("training", "lora");
        using GoldenCase golden = new("bert-classify");
        using BertForSequenceClassification model = BertForSequenceClassification.Load(golden.Folder);
        LoraAdapter adapter = LoraAdapter.Load(folder, model.Config, HeadKind.SequenceClassification);
        Assert.Equal(16, adapter.Layers.Count);
        Assert.Equal(["classifier.weight", "classifier.bias"], adapter.Saved.Select(saved => saved.Key.Name));
        _ = new LoraMerge(adapter, model.Parameters);
        using HeadOutput output = model.Forward(golden.Batch);
        CentralDifferences.AssertClose([.. Tensor(folder, "output.logits").Select(value => (double)value)], output.Logits.ToArray(), 1e-5);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "golden.json")));
        Assert.Equal(json.RootElement.GetProperty("losses")[0].GetDouble(), model.Loss(output, golden.Integers("label.labels")), 1e-5);
    }

    [Fact]
    public void Merged_weights_after_three_steps_are_those_of_PEFT()
    {
        string folder = SharedData.Require("training", "lora");
        using BertForSequenceClassification model = BertForSequenceClassification.Load(SharedData.Require("golden", "bert-classify"));
        LoraAdapter adapter = LoraAdapter.Load(folder, model.Config, HeadKind.SequenceClassification);
        foreach (LoraLayer layer in adapter.Layers)
        {
            Tensor(folder, $"step3.{layer.Target.Module}.lora_A.weight").CopyTo(layer.A, 0);
            Tensor(folder, $"step3.{layer.Target.Module}.lora_B.weight").CopyTo(layer.B, 0);
        }

        _ = new LoraMerge(adapter, model.Parameters);
        string[] names = ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense", "intermediate.dense", "output.dense"];
        foreach (string name in names.Select(name => $"bert.encoder.layer.0.{name}.weight"))
        {
            double[] expected = [.. Tensor(folder, $"merged.{name}").Select(value => (double)value)];
            CentralDifferences.AssertClose(expected, model.GetParameter(name), 1e-6);
        }
    }

    [Fact]
    public void Unmerging_gives_the_original_bits_back()
    {
        using RandomModel random = new(new BertConfig { VocabSize = 17, HiddenSize = 38, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 35, MaxPositionEmbeddings = 9 }, HeadKind.SequenceClassification, seed: 1);
        using BertForSequenceClassification model = BertForSequenceClassification.Load(random.Save());
        LoraAdapter adapter = Random(model, LoraBias.All);
        LoraMerge merge = new(adapter, model.Parameters);
        Assert.NotEqual(random.Values["bert.encoder.layer.1.output.dense.weight"], model.GetParameter("bert.encoder.layer.1.output.dense.weight"));
        Assert.Equal(adapter.Saved.Single(saved => saved.Key.Name == "classifier.weight").Value, model.GetParameter("classifier.weight"));
        merge.Undo();
        merge.Undo();
        foreach ((string name, float[] values) in random.Values)
        {
            Numbers.AssertSameBits(values, model.GetParameter(name), name);
        }
    }

    [Fact]
    public void A_merged_weight_is_the_sum_of_its_formula()
    {
        using BertForSequenceClassification model = Small();
        LoraAdapter adapter = Random(model, LoraBias.None);
        LoraLayer layer = adapter.Layers[4];
        float[] before = model.GetParameter(layer.Target.Weight.Name);
        _ = new LoraMerge(adapter, model.Parameters);
        double[] expected = [.. before.Select((value, at) => value + (layer.Target.Scale * Enumerable.Range(0, layer.Target.Rank).Sum(r =>
            (double)layer.B[(at / layer.Target.Inputs * layer.Target.Rank) + r] * layer.A[(r * layer.Target.Inputs) + (at % layer.Target.Inputs)])))];
        CentralDifferences.AssertClose(expected, model.GetParameter(layer.Target.Weight.Name), 1e-6);
    }

    [Fact]
    public void A_new_adapter_changes_nothing_and_follows_from_its_seed()
    {
        using BertForSequenceClassification model = Small();
        LoraConfig config = new() { Rank = 5, TargetModules = ["query"], ModulesToSave = ["classifier"] };
        LoraAdapter adapter = LoraAdapter.Create(config, model.Config, HeadKind.SequenceClassification, model.Parameters, seed: 3);
        LoraAdapter again = LoraAdapter.Create(config, model.Config, HeadKind.SequenceClassification, model.Parameters, seed: 3);
        double bound = 1 / Math.Sqrt(model.Config.HiddenSize);
        foreach ((LoraLayer layer, LoraLayer twin) in adapter.Layers.Zip(again.Layers))
        {
            Assert.Equal(layer.A, twin.A);
            Assert.All(layer.A, value => Assert.InRange(value, -bound, bound));
            Assert.Distinct(layer.A);
            Assert.InRange(layer.A.Max(), 0.9 * bound, bound);
        }

        Assert.NotEqual(adapter.Layers[0].A, adapter.Layers[1].A);
        float[] before = model.GetParameter(adapter.Layers[0].Target.Weight.Name), classifier = model.GetParameter("classifier.weight");
        _ = new LoraMerge(adapter, model.Parameters);
        Numbers.AssertSameBits(before, model.GetParameter(adapter.Layers[0].Target.Weight.Name), "query");
        Numbers.AssertSameBits(classifier, model.GetParameter("classifier.weight"), "classifier");
    }

    [Fact]
    public void A_published_adapter_is_written_again_byte_for_byte()
    {
        string folder = SharedData.Require("models", "lora-bert-base-uncased-seqcls");
        LoraAdapter adapter = LoraAdapter.Load(folder, new BertConfig { Id2Label = ["a", "b"] }, HeadKind.SequenceClassification);
        Assert.Equal((24, 4f), (adapter.Layers.Count, adapter.Layers[0].Target.Scale));
        Assert.Equal(8 * 768 * 2 * 24, adapter.Layers.Sum(layer => layer.A.Length + layer.B.Length));
        adapter.Save(_files.Path("copy"));
        AssertSameTensors(Path.Combine(folder, AdapterFile.WeightsName), _files.Path("copy", AdapterFile.WeightsName));
        Assert.Equal(File.ReadAllText(Path.Combine(folder, AdapterFile.ConfigName)).Trim(), File.ReadAllText(_files.Path("copy", AdapterFile.ConfigName)).Trim());
    }

    [Theory]
    [InlineData("bert")]
    [InlineData("distilbert")]
    [InlineData("roberta")]
    public void What_is_saved_is_read_again(string family)
    {
        using BertForSequenceClassification model = Small(family);
        LoraAdapter adapter = Random(model, LoraBias.All);
        adapter.Save(_files.Path("adapter"));
        adapter.Save(_files.Path("adapter"));
        LoraAdapter read = LoraAdapter.Load(_files.Path("adapter"), model.Config, HeadKind.SequenceClassification);
        foreach ((LoraLayer layer, LoraLayer found) in adapter.Layers.Zip(read.Layers))
        {
            Assert.Equal((layer.Target.Module, layer.Target.Scale), (found.Target.Module, found.Target.Scale));
            Assert.Equal(layer.A, found.A);
            Assert.Equal(layer.B, found.B);
        }

        Assert.Equal(adapter.Saved.Select(saved => saved.Key.Name), read.Saved.Select(saved => saved.Key.Name));
        Assert.Equal(adapter.Saved.Select(saved => saved.Value), read.Saved.Select(saved => saved.Value));
    }

    [Fact]
    public void Biases_lie_inside_the_wrapped_layers_and_may_be_missing_where_PEFT_forgets_them()
    {
        using BertForSequenceClassification model = Small();
        LoraAdapter adapter = Random(model, LoraBias.LoraOnly);
        adapter.Save(_files.Path("adapter"));
        const string Bias = "base_model.model.bert.encoder.layer.0.attention.self.query.base_layer.bias";
        List<TensorSource> tensors = Read(_files.Path("adapter", AdapterFile.WeightsName));
        Assert.Contains(tensors, tensor => tensor.Name == Bias);
        CheckpointWriter.Save(_files.Path("adapter", AdapterFile.WeightsName), tensors.Where(tensor => tensor.Name != Bias));
        LoraAdapter read = LoraAdapter.Load(_files.Path("adapter"), model.Config, HeadKind.SequenceClassification);
        Assert.Equal(adapter.Saved.Count - 1, read.Saved.Count);
        Assert.DoesNotContain(read.Saved, saved => saved.Key.Name == "bert.encoder.layer.0.attention.self.query.bias");
    }

    [Fact]
    public void Tensors_that_do_not_fit_are_named()
    {
        using BertForSequenceClassification model = Small();
        Random(model, LoraBias.None).Save(_files.Path("adapter"));
        const string A = "base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight";
        AssertRefused(model, "lora_A", tensors => tensors.Where(tensor => tensor.Name != A));
        AssertRefused(model, A, tensors => tensors.Select(tensor => tensor.Name == A ? TensorSource.Of(A, new float[2 * 6], 2, 6) : tensor));
        AssertRefused(model, "[3, 6]", tensors => tensors.Select(tensor => tensor.Name == A ? TensorSource.Of(A, new float[2 * 6], 2, 6) : tensor));
        AssertRefused(model, "base_model.model.bert.pooler.dense.lora_C.weight", tensors => tensors.Append(TensorSource.Of("base_model.model.bert.pooler.dense.lora_C.weight", new float[1], 1)));
        AssertRefused(model, "another tensor", tensors => tensors.Append(TensorSource.Of(A.Replace("model.bert", "model", StringComparison.Ordinal), new float[1], 1)));
        AssertRefused(model, "base_model.model.", tensors => tensors.Append(TensorSource.Of("bert.x", new float[1], 1)));
        string config = _files.Path("adapter", AdapterFile.ConfigName);
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"r\": 3", "\"r\": 65536", StringComparison.Ordinal));
        AssertRefused(model, "[65536, 6]", tensors => tensors);
        File.Delete(_files.Path("adapter", AdapterFile.WeightsName));
        Assert.Contains("adapter_model.bin", Assert.Throws<CheckpointException>(() => LoraAdapter.Load(_files.Path("adapter"), model.Config, HeadKind.SequenceClassification)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_in_fewer_bytes_take_no_adapter()
    {
        using RandomModel random = new(SmallConfig("bert"), HeadKind.SequenceClassification, seed: 2);
        using BertForSequenceClassification model = BertForSequenceClassification.Load(random.Save(), WeightFormat.Int8);
        float[] before = model.GetParameter("classifier.weight");
        using BertForSequenceClassification whole = Small();
        Assert.Contains("WeightFormat.Float32", Assert.Throws<ArgumentException>(() => new LoraMerge(Random(whole, LoraBias.All), model.Parameters)).Message, StringComparison.Ordinal);
        Assert.Equal(before, model.GetParameter("classifier.weight"));
    }

    public void Dispose() => _files.Dispose();

    private static BertConfig SmallConfig(string family) => new() { ModelType = family, VocabSize = 17, HiddenSize = 6, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 5, MaxPositionEmbeddings = 9, Id2Label = ["a", "b", "c"] };

    private static BertForSequenceClassification Small(string family = "bert") => BertForSequenceClassification.Create(SmallConfig(family), seed: 7);

    /// <summary>An adapter of all layers with values everywhere.</summary>
    private static LoraAdapter Random(BertForSequenceClassification model, LoraBias bias)
    {
        LoraConfig config = new() { Rank = 3, Alpha = 2, TargetPattern = LoraConfig.AllLinear, ModulesToSave = ["classifier"], TaskType = "SEQ_CLS", Bias = bias };
        LoraAdapter adapter = LoraAdapter.Create(config, model.Config, HeadKind.SequenceClassification, model.Parameters, seed: 4);
        int seed = 0;
        foreach (float[] values in adapter.Layers.Select(layer => layer.B).Concat(adapter.Saved.Select(saved => saved.Value)))
        {
            Numbers.Fill(values, seed++);
        }

        return adapter;
    }

    private void AssertRefused(BertForSequenceClassification model, string named, Func<List<TensorSource>, IEnumerable<TensorSource>> change)
    {
        string file = _files.Path("adapter", AdapterFile.WeightsName);
        List<TensorSource> tensors = Read(file);
        CheckpointWriter.Save(file, change(tensors));
        Assert.Contains(named, Assert.Throws<CheckpointException>(() => LoraAdapter.Load(_files.Path("adapter"), model.Config, HeadKind.SequenceClassification)).Message, StringComparison.Ordinal);
        CheckpointWriter.Save(file, tensors);
    }

    private static List<TensorSource> Read(string file)
    {
        using Checkpoint checkpoint = Checkpoint.Open(file);
        return [.. checkpoint.Tensors.Select(tensor =>
        {
            float[] values = new float[tensor.Count];
            checkpoint.Read(tensor, values);
            return TensorSource.Of(tensor.Name, values, tensor.Shape.AsSpan());
        })];
    }

    private static float[] Tensor(string folder, string name)
    {
        using Checkpoint checkpoint = Checkpoint.Open(Path.Combine(folder, "golden.safetensors"));
        TensorInfo tensor = checkpoint.Tensors.Single(tensor => tensor.Name == name);
        float[] values = new float[tensor.Count];
        checkpoint.Read(tensor, values);
        return values;
    }

    private static void AssertSameTensors(string expected, string found)
    {
        using Checkpoint left = Checkpoint.Open(expected), right = Checkpoint.Open(found);
        Assert.Equal(left.Tensors.Select(tensor => (tensor.Name, tensor.ShapeText, tensor.DataType)), right.Tensors.Select(tensor => (tensor.Name, tensor.ShapeText, tensor.DataType)));
        foreach ((TensorInfo one, TensorInfo other) in left.Tensors.Zip(right.Tensors))
        {
            byte[] a = new byte[one.ByteCount], b = new byte[one.ByteCount];
            left.ReadBytes(one, 0, a);
            right.ReadBytes(other, 0, b);
            Assert.Equal(a, b);
        }
    }
}
