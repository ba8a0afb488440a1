namespace BertSharp.Tests;

/// <summary>
/// Every value of every parameter of every head: our gradient in float32 against central differences of the loss of the slow
/// twin in double, with dropout at every site.
/// </summary>
public sealed class CentralDifferencesTests(ITestOutputHelper log)
{
    private const double Step = 1e-5;

    private const ulong Key = 17;

    // All sizes differ, so that a swapped axis cannot pass.
    private static readonly BertConfig Config = new()
    {
        VocabSize = 13,
        HiddenSize = 6,
        NumHiddenLayers = 2,
        NumAttentionHeads = 3,
        IntermediateSize = 7,
        MaxPositionEmbeddings = 9,
        HiddenDropoutProb = 0.2,
        AttentionProbsDropoutProb = 0.3,
        ClassifierDropout = 0.25,
        InitializerRange = 0.4,
        Id2Label = ["a", "b", "c"],
    };

    private static readonly int[] Lengths = [4, 1, 5, 3];

    public static TheoryData<string, string> Heads() => new()
    {
        { "bert", "MaskedLM" }, { "bert", "PreTraining" }, { "bert", "NextSentence" }, { "bert", "Classes" }, { "bert", "Regression" }, { "bert", "MultiLabel" },
        { "bert", "Tokens" }, { "bert", "Answer" }, { "bert", "Choice" },
        { "roberta", "MaskedLM" }, { "roberta", "Classes" }, { "roberta", "Choice" }, { "roberta", "Tokens" }, { "roberta", "Answer" },
        { "distilbert", "MaskedLM" }, { "distilbert", "Classes" }, { "distilbert", "Choice" }, { "distilbert", "Tokens" }, { "distilbert", "Answer" },
        { "electra", "Classes" }, { "electra", "Discriminator" }, { "electra", "Tokens" }, { "electra", "Answer" },
    };

    public static TheoryData<HiddenAct> Activations() => [.. Enum.GetValues<HiddenAct>()];

    [Theory]
    [MemberData(nameof(Heads))]
    public void Gradients_are_the_slopes_of_the_slow_twin(string family, string head) => Check(family, head, Config);

    [Theory]
    [MemberData(nameof(Activations))]
    public void Every_activation_runs_backwards(HiddenAct act) => Check("bert", "MaskedLM", Config with { HiddenAct = act, NumHiddenLayers = 1 });

    [Theory]
    [InlineData("bert", "PreTraining")]
    [InlineData("bert", "Classes")]
    [InlineData("roberta", "Classes")]
    [InlineData("distilbert", "Answer")]
    [InlineData("electra", "Discriminator")]
    public void Gradients_of_adapters_are_the_slopes_of_the_slow_twin(string family, string head) =>
        Check(family, head, Config with { HiddenDropoutProb = 0.1 }, new LoraConfig { Rank = 3, Alpha = 2, Dropout = 0.3, TargetPattern = LoraConfig.AllLinear, Bias = LoraBias.All });

    private void Check(string family, string head, BertConfig config, LoraConfig? adapter = null)
    {
        config = config with { ModelType = family, PadTokenId = family == "roberta" ? 1 : 0, EmbeddingSize = family == "electra" ? 4 : 0, QaDropout = family == "distilbert" ? 0.15 : null };
        using PreTrainedModel model = Create(head, config);
        (int[] ids, int[] types, StepLabels labels) = Inputs(head);
        int[] offsets = [0, .. Lengths.Select((_, i) => Lengths.Take(i + 1).Sum())];
        using LoraTraining? lora = adapter is null ? null : SmallAdapters.Attach(model, adapter);
        DropoutProbabilities probabilities = TrainingStages.DropoutOf(model) with { Adapter = (float)(adapter?.Dropout ?? 0) };
        Dropout dropout = new(Key, offsets, 0, probabilities);
        double[] Mask(int sequence, DropoutSite site, int layer, int token, int heads, int width)
        {
            float[] factors = new float[width];
            DropoutMask.Fill(dropout.Key(site, layer, offsets[sequence] + token, heads), probabilities.Of(site), factors);
            return [.. factors.Select(factor => (double)factor)];
        }

        NaiveLoss twin = new(model, Lengths, ids, types, labels, Mask, lora is null ? null : SmallAdapters.Paths(model, lora));
        Dictionary<string, double[]> weights = model.ParameterList.Concat(lora?.Parameters.List ?? []).ToDictionary(info => info.Name, info => SmallAdapters.Values(Find(info)).Select(value => (double)value).ToArray());
        Parameter Find(ParameterInfo info) => model.Parameters.Find(info.Name) ?? lora!.Parameters[info.Name];
        using TrainingPass pass = new(model, TrainingStages.Of(model), probabilities, lora is null ? new TrainingPassOptions() : new TrainingPassOptions { Lora = lora, IsTrained = lora.IsTrained });
        StepLoss loss = pass.Run(new TokenBatch(ids, types, offsets).Packed, labels, Key);
        Assert.Equal(twin.Of(weights), loss.Loss, 1e-5);
        double worst = 0;
        foreach (ParameterInfo info in pass.Gradients.Trained.Select(trained => trained.Info))
        {
            worst = Math.Max(worst, Compare(info, SmallAdapters.Values(Find(info).Gradient!), weights, twin));
        }

        Assert.Equal(lora is null ? model.ParameterList.Count : model.ParameterList.Count(info => info.Name.EndsWith(".bias", StringComparison.Ordinal)) + lora.Parameters.List.Count, pass.Gradients.Trained.Count);

        log.WriteLine($"{family} {head}: worst {worst:p1} of the tolerance");
    }

    private static double Compare(ParameterInfo info, float[] ours, Dictionary<string, double[]> weights, NaiveLoss twin)
    {
        double[] values = weights[info.Name];
        double[] slopes = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double value = values[i];
            values[i] = value + Step;
            double above = twin.Of(weights);
            values[i] = value - Step;
            slopes[i] = (above - twin.Of(weights)) / (2 * Step);
            values[i] = value;
        }

        double tolerance = (1e-4 * slopes.Max(Math.Abs)) + 1e-7, error = slopes.Zip(ours, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(error <= tolerance, $"{info.Name}: error {error:e2}, tolerance {tolerance:e2}.");
        return error / tolerance;
    }

    private static PreTrainedModel Create(string head, BertConfig config) => head switch
    {
        "MaskedLM" => BertForMaskedLM.Create(config, 3),
        "PreTraining" => BertForPreTraining.Create(config, 3),
        "NextSentence" => BertForNextSentencePrediction.Create(config, 3),
        "Classes" => BertForSequenceClassification.Create(config, 3),
        "Regression" => BertForSequenceClassification.Create(config with { ProblemType = "regression" }, 3),
        "MultiLabel" => BertForSequenceClassification.Create(config with { ProblemType = "multi_label_classification" }, 3),
        "Tokens" => BertForTokenClassification.Create(config, 3),
        "Answer" => BertForQuestionAnswering.Create(config, 3),
        "Choice" => BertForMultipleChoice.Create(config, 3),
        "Discriminator" => ElectraForPreTraining.Create(config, 3),
        _ => throw new ArgumentOutOfRangeException(nameof(head)),
    };

    private static (int[] Ids, int[] Types, StepLabels Labels) Inputs(string head)
    {
        int tokens = Lengths.Sum();
        int[] ids = [.. Enumerable.Range(0, tokens).Select(i => 2 + (i * 7 % 11))], types = [.. Enumerable.Range(0, tokens).Select(i => i / 2 % 2)];
        int[] classes = [.. Enumerable.Range(0, tokens).Select(i => i % 4 == 3 ? -100 : i % 3)];
        return (ids, types, new StepLabels
        {
            Tokens = head switch
            {
                "Discriminator" => [.. ids.Select(id => id % 2)],
                "Tokens" => classes,
                _ => [.. ids.Select((id, i) => i % 3 == 1 ? (id * 5) % 13 : -100)],
            },
            Sequences = head switch
            {
                "Choice" => [1, 0],
                "Classes" => [2, -100, 0, 1],
                _ => [1, 0, 0, 1],
            },
            Choices = head == "Choice" ? 2 : 1,
            Targets = [.. Enumerable.Range(0, Lengths.Length * 3).Select(i => head == "MultiLabel" ? i % 2 : (i - 5) / 3f)],
            Starts = [1, 0, 4, 0],
            Ends = [3, 0, 4, 2],
        });
    }
}
