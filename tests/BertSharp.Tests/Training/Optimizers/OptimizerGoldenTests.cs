using System.Text.Json;

namespace BertSharp.Tests;

/// <summary>The optimizers against references over twenty updates of given gradients.</summary>
public sealed class OptimizerGoldenTests
{
    // The references are in double; our weights are float32. A weight that has been at 0.02 and comes to 0.0002 brings the rounding
    // of 0.02 along, so the difference is relative to the largest that the weight has been.
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData("adamw", OptimizerKind.AdamW)]
    [InlineData("google_adamw", OptimizerKind.GoogleAdamW)]
    [InlineData("lamb", OptimizerKind.Lamb)]
    public void Twenty_updates_give_the_reference_s_parameters(string name, object kind)
    {
        string folder = SharedData.Require("training", "optimizers");
        using JsonDocument settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "given.json")));
        double[] rates = [.. settings.RootElement.GetProperty("learning_rates").EnumerateArray().Select(rate => rate.GetDouble())];
        using Checkpoint given = Checkpoint.Open(Path.Combine(folder, "given.safetensors")), golden = Checkpoint.Open(Path.Combine(folder, $"{name}.safetensors"));
        using SmallParameters parameters = new();
        Dictionary<string, float[]> largest = [];
        foreach (TensorInfo start in given.Tensors.Where(tensor => tensor.Name.StartsWith("start.", StringComparison.Ordinal)))
        {
            TrainedParameter parameter = parameters.Add(start.Name["start.".Length..], (int)start.Count);
            given.Read(start, parameter.Values);
            largest.Add(parameter.Info.Name, [.. parameter.Values.ToArray().Select(Math.Abs)]);
        }

        TrainingOptions options = new() { Folder = "none", Optimizer = (OptimizerKind)kind, WeightDecay = settings.RootElement.GetProperty("weight_decay").GetDouble() };
        using Optimizer optimizer = Optimizer.Create(parameters.All, options);
        int compared = 0;
        double worst = 0;
        for (int update = 1; update <= rates.Length; update++)
        {
            foreach (TrainedParameter parameter in parameters.All)
            {
                given.Read(given.Tensors.Single(tensor => tensor.Name == $"gradient.{update}.{parameter.Info.Name}"), parameter.Gradients);
            }

            optimizer.Update(update, rates[update - 1], gradientScale: 1);
            foreach (TrainedParameter parameter in parameters.All)
            {
                float[] magnitudes = largest[parameter.Info.Name];
                for (int i = 0; i < magnitudes.Length; i++)
                {
                    magnitudes[i] = Math.Max(magnitudes[i], Math.Abs(parameter.Values[i]));
                }
            }

            foreach (TensorInfo expected in golden.Tensors.Where(tensor => tensor.Name.StartsWith($"after.{update}.", StringComparison.Ordinal)))
            {
                float[] values = new float[expected.Count];
                golden.Read(expected, values);
                TrainedParameter found = parameters.All.Single(parameter => expected.Name == $"after.{update}.{parameter.Info.Name}");
                for (int i = 0; i < values.Length; i++, compared++)
                {
                    double difference = Math.Abs(values[i] - found.Values[i]) / largest[found.Info.Name][i];
                    worst = Math.Max(worst, difference);
                    Assert.True(difference <= Tolerance, $"{expected.Name}, value {i}: {found.Values[i]:R}, expected {values[i]:R}.");
                }
            }
        }

        Assert.Equal(4 * 104, compared);
        TestContext.Current.TestOutputHelper!.WriteLine($"largest relative difference {worst:E2}");
    }
}
