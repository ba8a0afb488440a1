using System.Text.Json;

namespace BertSharp.Tests;

/// <summary>PEFT's run of three steps through the low-rank path: outputs, gradients, AdamW; and the chain rule on merged weights.</summary>
public sealed class LoraRunTests
{
    private static readonly TrainingOptions Options = new() { Folder = "", WeightDecay = 0.01, NoDecay = ["*bias"] };

    [Fact]
    public void Logits_losses_gradients_and_adapter_of_three_steps_are_those_of_PEFT()
    {
        string folder = SharedData.Require("training", "lora");
        using GoldenCase golden = new("bert-classify");
        using Checkpoint reference = Checkpoint.Open(Path.Combine(folder, "golden.safetensors"));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "golden.json")));
        using BertForSequenceClassification model = BertForSequenceClassification.Load(golden.Folder);
        using LoraTraining lora = new(model, LoraAdapter.Load(folder, model.Config, HeadKind.SequenceClassification));
        using (HeadOutput output = model.Forward(golden.Batch))
        {
            CentralDifferences.AssertClose([.. Read(reference, "output.logits").Select(value => (double)value)], output.Logits.ToArray(), 1e-5);
        }

        using TrainingPass pass = new(model, TrainingStages.Of(model), default, new TrainingPassOptions { Dropout = false, Lora = lora, IsTrained = lora.IsTrained });
        using Optimizer optimizer = Optimizer.Create([.. pass.Gradients.Trained], Options);
        Assert.Equal(34, pass.Gradients.Trained.Count);
        Parameter Find(ParameterInfo info) => model.Parameters.Find(info.Name) ?? lora.Parameters[info.Name];
        for (int step = 0; step < 3; step++)
        {
            StepLoss loss = pass.Run(GoldenTraining.Batch(golden).Packed, GoldenTraining.Labels(golden), dropoutKey: 0);
            Assert.Equal(1, loss.Loss / json.RootElement.GetProperty("losses")[step].GetDouble(), 1e-5);
            for (int i = 0; step == 0 && i < pass.Gradients.Trained.Count; i++)
            {
                ParameterInfo info = pass.Gradients.Trained[i].Info;
                AssertGradient(Read(reference, "grad." + info.Name), SmallAdapters.Values(Find(info).Gradient!), info.Name);
            }

            optimizer.Update(step + 1, learningRate: 1e-3, gradientScale: 1);
        }

        foreach (ParameterInfo info in pass.Gradients.Trained.Select(trained => trained.Info))
        {
            AssertUpdated(Read(reference, "step3." + info.Name), Read(reference, "grad." + info.Name), SmallAdapters.Values(Find(info)), info.Name);
        }
    }

    [Fact]
    public void The_path_gives_the_gradients_that_follow_from_those_of_merged_weights()
    {
        string folder = SharedData.Require("training", "lora");
        using GoldenCase golden = new("bert-classify");
        using PreTrainedModel model = GoldenTraining.Load(golden);
        LoraAdapter adapter = LoraAdapter.Load(folder, model.Config, model.Head);
        Dictionary<string, (double[] A, double[] B)> expected = [];
        LoraMerge merge = new(adapter, model.Parameters);
        using (TrainingPass pass = new(model, TrainingStages.Of(model), default, new TrainingPassOptions { Dropout = false }))
        {
            pass.Run(GoldenTraining.Batch(golden).Packed, GoldenTraining.Labels(golden), dropoutKey: 0);
            foreach (LoraLayer layer in adapter.Layers)
            {
                expected.Add(layer.Target.Module, NaiveLora.Gradients(layer, GoldenTraining.Gradient(model, layer.Target.Weight.Name)));
            }
        }

        merge.Undo();
        using LoraTraining lora = new(model, adapter);
        using TrainingPass lowRank = new(model, TrainingStages.Of(model), default, new TrainingPassOptions { Dropout = false, Lora = lora, IsTrained = lora.IsTrained });
        lowRank.Run(GoldenTraining.Batch(golden).Packed, GoldenTraining.Labels(golden), dropoutKey: 0);
        foreach ((string module, (double[] a, double[] b)) in expected)
        {
            CentralDifferences.AssertClose(a, SmallAdapters.Values(lora.Parameters[module + ".lora_A.weight"].Gradient!), 1e-4);
            CentralDifferences.AssertClose(b, SmallAdapters.Values(lora.Parameters[module + ".lora_B.weight"].Gradient!), 1e-4);
        }
    }

    private static void AssertGradient(float[] expected, float[] found, string name)
    {
        double most = expected.Max(Math.Abs), error = expected.Zip(found, (a, b) => Math.Abs((double)a - b)).Max();
        Assert.True(error <= (1e-4 * most) + 1e-7, $"{name}: error {error:e2}, largest {most:e2}.");
    }

    private static void AssertUpdated(float[] expected, float[] gradient, float[] found, string name)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double tolerance = Math.Abs(gradient[i]) >= 1e-5 ? 2e-5 : 3e-3;
            Assert.True(Math.Abs(expected[i] - found[i]) <= tolerance, $"{name}[{i}]: {found[i]}, expected {expected[i]}.");
        }
    }

    private static float[] Read(Checkpoint checkpoint, string name)
    {
        TensorInfo tensor = checkpoint.Tensors.Single(tensor => tensor.Name == name);
        float[] values = new float[tensor.Count];
        checkpoint.Read(tensor, values);
        return values;
    }
}
