using System.Runtime.InteropServices;
using System.Text.Json;

namespace BertSharp.Tests;

/// <summary>
/// PEFT's run of three steps: the gradient of the merged weights by the engine, that of the low-rank matrices by the chain
/// rule, and AdamW.
/// </summary>
public sealed class LoraRunTests
{
    private static readonly TrainingOptions Options = new() { Folder = "", WeightDecay = 0.01, NoDecay = ["*bias"] };

    [Fact]
    public void Losses_gradients_and_adapter_of_three_steps_are_those_of_PEFT()
    {
        string folder = SharedData.Require("training", "lora");
        using GoldenCase golden = new("bert-classify");
        using Checkpoint reference = Checkpoint.Open(Path.Combine(folder, "golden.safetensors"));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "golden.json")));
        using PreTrainedModel model = GoldenTraining.Load(golden);
        LoraAdapter adapter = LoraAdapter.Load(folder, model.Config, model.Head);
        using TrainingPass pass = new(model, TrainingStages.Of(model), default, new TrainingPassOptions { Dropout = false });
        using TrainedArrays trained = new(adapter);
        using Optimizer optimizer = Optimizer.Create(trained.Parameters, Options);
        for (int step = 0; step < 3; step++)
        {
            LoraMerge merge = new(adapter, model.Parameters);
            StepLoss loss = pass.Run(GoldenTraining.Batch(golden).Packed, GoldenTraining.Labels(golden), dropoutKey: 0);
            Assert.Equal(1, loss.Loss / json.RootElement.GetProperty("losses")[step].GetDouble(), 1e-5);
            trained.SetGradients(adapter, name => GoldenTraining.Gradient(model, name));
            merge.Undo();
            if (step == 0)
            {
                trained.ForEach((name, _, gradient) => AssertGradient(Read(reference, "grad." + name), gradient, name));
            }

            optimizer.Update(step + 1, learningRate: 1e-3, gradientScale: 1);
        }

        trained.ForEach((name, values, _) => AssertUpdated(Read(reference, "step3." + name), Read(reference, "grad." + name), values, name));
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

    /// <summary>An adapter's own arrays and gradients beside them, as an optimizer takes them.</summary>
    private sealed class TrainedArrays : IDisposable
    {
        private readonly List<(string Name, float[] Values, float[] Gradient)> _arrays = [];
        private readonly List<GCHandle> _pins = [];

        public TrainedArrays(LoraAdapter adapter)
        {
            foreach (LoraLayer layer in adapter.Layers)
            {
                Add(layer.Target.Module + ".lora_A.weight", layer.A);
                Add(layer.Target.Module + ".lora_B.weight", layer.B);
            }

            foreach ((ParameterInfo info, float[] values) in adapter.Saved)
            {
                Add(info.Name, values);
            }

            Parameters = [.. _arrays.Select(array => new TrainedParameter(new ParameterInfo(array.Name, [array.Values.Length], ParameterPart.Head), Pin(array.Values), Pin(array.Gradient), array.Values.Length))];
        }

        public IReadOnlyList<TrainedParameter> Parameters { get; }

        public void SetGradients(LoraAdapter adapter, Func<string, float[]> gradientOf)
        {
            int next = 0;
            foreach (LoraLayer layer in adapter.Layers)
            {
                (double[] a, double[] b) = NaiveLora.Gradients(layer, gradientOf(layer.Target.Weight.Name));
                Array.ConvertAll(a, value => (float)value).CopyTo(_arrays[next++].Gradient, 0);
                Array.ConvertAll(b, value => (float)value).CopyTo(_arrays[next++].Gradient, 0);
            }

            foreach ((ParameterInfo info, _) in adapter.Saved)
            {
                gradientOf(info.Name).CopyTo(_arrays[next++].Gradient, 0);
            }
        }

        public void ForEach(Action<string, float[], float[]> body) => _arrays.ForEach(array => body(array.Name, array.Values, array.Gradient));

        public void Dispose() => _pins.ForEach(pin => pin.Free());

        private void Add(string name, float[] values) => _arrays.Add((name, values, new float[values.Length]));

        private nint Pin(float[] values)
        {
            _pins.Add(GCHandle.Alloc(values, GCHandleType.Pinned));
            return _pins[^1].AddrOfPinnedObject();
        }
    }
}
