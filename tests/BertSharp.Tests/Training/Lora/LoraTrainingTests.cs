namespace BertSharp.Tests;

/// <summary>An adapter beside a model: trained, saved, merged, and taken away again.</summary>
public sealed class LoraTrainingTests : IDisposable
{
    private static readonly BertConfig Config = new() { VocabSize = 17, HiddenSize = 38, NumHiddenLayers = 2, NumAttentionHeads = 2, IntermediateSize = 35, MaxPositionEmbeddings = 40, InitializerRange = 0.3, Id2Label = ["a", "b", "c"] };

    private readonly CheckpointFiles _files = new();

    [Theory]
    [InlineData("bert")]
    [InlineData("distilbert")]
    [InlineData("roberta")]
    public void A_trained_adapter_gives_the_same_logits_beside_the_model_and_merged(string family)
    {
        using BertForSequenceClassification model = Create(family);
        Dictionary<string, float[]> before = Values(model);
        float[] start = Logits(model), trained;
        using (LoraTraining lora = New(model, LoraBias.All))
        {
            Train(model, lora, steps: 4);
            trained = Logits(model);
            LoraTraining.Save(lora, _files.Path("model"), folder => model.Save(folder));
        }

        AssertSame(before, model, "taken away");
        Assert.True(start.Zip(trained, (a, b) => Math.Abs(a - b)).Max() > 0.1, "Nothing was learnt.");
        using BertForSequenceClassification saved = BertForSequenceClassification.Load(_files.Path("model"));
        float[] merged = Logits(saved);
        CentralDifferences.AssertClose([.. trained.Select(value => (double)value)], merged, 1e-5);
        LoraMerge merge = new(LoraAdapter.Load(_files.Path("model", LoraTraining.AdapterFolder), model.Config, model.Head), model.Parameters);
        Numbers.AssertSameBits(merged, Logits(model), "read and merged");
        merge.Undo();
        AssertSame(before, model, "unmerged");
    }

    [Fact]
    public void A_new_adapter_changes_no_bit_of_an_output()
    {
        using BertForSequenceClassification model = Create("bert");
        float[] before = Logits(model);
        using LoraTraining lora = New(model, LoraBias.None);
        Numbers.AssertSameBits(before, Logits(model), "logits");
    }

    [Fact]
    public void Only_the_adapter_and_what_it_stores_whole_is_trained()
    {
        using BertForSequenceClassification model = Create("bert");
        using LoraTraining lora = New(model, LoraBias.LoraOnly, "query");
        using TrainingPass pass = new(model, TrainingStages.Of(model), default, new TrainingPassOptions { Lora = lora, IsTrained = lora.IsTrained });
        string[] expected =
        [
            "bert.encoder.layer.0.attention.self.query.bias", "bert.encoder.layer.1.attention.self.query.bias", "classifier.weight", "classifier.bias",
            .. Enumerable.Range(0, 2).SelectMany(layer => new[] { 'A', 'B' }.Select(factor => $"bert.encoder.layer.{layer}.attention.self.query.lora_{factor}.weight")),
        ];
        Assert.Equal(expected, pass.Gradients.Trained.Select(parameter => parameter.Info.Name));
        Assert.Null(model.Parameters["bert.encoder.layer.0.attention.self.query.weight"].Gradient);
    }

    [Fact]
    public void Layers_have_masks_of_their_own_and_no_dropout_in_validation()
    {
        using BertForSequenceClassification model = Create("bert");
        using LoraTraining lora = SmallAdapters.Attach(model, new LoraConfig { Rank = 3, Dropout = 0.5, TargetModules = ["query", "key", "value"] });
        Dropout dropout = new(1, [0, 4], 0, new DropoutProbabilities(0, 0, 0, 0, 0, Adapter: 0.5f));
        Assert.Equal(6, Enumerable.Range(0, 6).Select(number => dropout.Key(DropoutSite.Adapter, number, 2)).Distinct().Count());
        float[] first = Logits(model);
        Train(model, lora, steps: 1, rate: 0);
        Numbers.AssertSameBits(first, Logits(model), "logits without dropout");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(32)]
    [InlineData(96)]
    public void A_part_of_a_mask_is_that_of_the_whole(int first)
    {
        float[] whole = new float[131], part = new float[131 - first];
        DropoutMask.Fill(77, 0.3f, whole);
        DropoutMask.Fill(77, 0.3f, part, first);
        Assert.Equal(whole[first..], part);
    }

    public void Dispose() => _files.Dispose();

    private static BertForSequenceClassification Create(string family) => BertForSequenceClassification.Create(Config with { ModelType = family, PadTokenId = family == "roberta" ? 1 : 0 }, seed: 5);

    private static LoraTraining New(PreTrainedModel model, LoraBias bias, string? target = null)
    {
        LoraConfig config = new() { Rank = 3, Alpha = 6, Dropout = 0.1, TargetModules = target is null ? [] : [target], TargetPattern = target is null ? LoraConfig.AllLinear : null, ModulesToSave = ["classifier"], Bias = bias };
        return new LoraTraining(model, LoraAdapter.Create(config, model.Config, model.Head, model.Parameters, seed: 3));
    }

    private static void Train(PreTrainedModel model, LoraTraining lora, int steps, double rate = 0.02)
    {
        using TrainingPass pass = new(model, TrainingStages.Of(model), TrainingStages.DropoutOf(model) with { Adapter = (float)lora.Config.Dropout }, new TrainingPassOptions { Lora = lora, IsTrained = lora.IsTrained });
        using Optimizer optimizer = Optimizer.Create([.. pass.Gradients.Trained], new TrainingOptions { Folder = "" });
        for (int step = 0; step < steps; step++)
        {
            pass.Run(Batch().Packed, new StepLabels { Sequences = [0, 1, 2] }, dropoutKey: (ulong)step);
            optimizer.Update(step + 1, rate, gradientScale: 1);
        }
    }

    private static TokenBatch Batch()
    {
        int[] ids = [.. Enumerable.Range(0, 40).Select(i => 2 + (i * 5 % 15))];
        return new TokenBatch(ids, new int[40], [0, 7, 30, 40]);
    }

    private static float[] Logits(BertForSequenceClassification model)
    {
        using HeadOutput output = model.Forward(Batch());
        return output.Logits.ToArray();
    }

    private static Dictionary<string, float[]> Values(PreTrainedModel model) => model.ParameterList.ToDictionary(info => info.Name, info => model.GetParameter(info.Name));

    private static void AssertSame(Dictionary<string, float[]> expected, PreTrainedModel model, string what)
    {
        foreach ((string name, float[] values) in expected)
        {
            Numbers.AssertSameBits(values, model.GetParameter(name), $"{name}, {what}");
        }
    }
}
