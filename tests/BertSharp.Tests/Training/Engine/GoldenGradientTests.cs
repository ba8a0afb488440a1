namespace BertSharp.Tests;

/// <summary>Every golden case with gradients: our backward pass against that of the reference.</summary>
public sealed class GoldenGradientTests(ITestOutputHelper log)
{
    public static TheoryData<string> Cases() => GoldenTraining.Cases();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_those_of_the_reference(string name)
    {
        using GoldenCase golden = new(name);
        using PreTrainedModel model = GoldenTraining.Load(golden);
        using TrainingPass pass = new(model, TrainingStages.Of(model), default, new TrainingPassOptions { Dropout = false });
        StepLoss loss = pass.Run(GoldenTraining.Batch(golden).Packed, GoldenTraining.Labels(golden), dropoutKey: 0);
        Assert.Equal(golden.Floats("loss")[0], loss.Loss, 1e-5 * Math.Abs(golden.Floats("loss")[0]));

        double worst = 0;
        HashSet<string> compared = [];
        foreach (ParameterInfo info in model.ParameterList)
        {
            string stored = "grad." + GoldenTraining.Name(model, info.Name);
            compared.Add(stored);
            float[] ours = GoldenTraining.Gradient(model, info.Name);
            if (!golden.Has(stored))
            {
                Assert.All(ours, value => Assert.Equal(0f, value));
                continue;
            }

            float[] expected = golden.Floats(stored);
            double most = expected.Max(Math.Abs);
            if (most < 1e-6)
            {
                Assert.True(ours.Max(Math.Abs) < 1e-6, $"{stored} is zero in exact arithmetic; found {ours.Max(Math.Abs):e2}.");
                continue;
            }

            double error = ours.Zip(expected, (a, b) => Math.Abs((double)a - b)).Max();
            worst = Math.Max(worst, error / ((1e-4 * most) + 1e-7));
            Assert.True(error <= (1e-4 * most) + 1e-7, $"{stored}: error {error:e2}, largest {most:e2}.");
        }

        Assert.DoesNotContain(golden.Names("grad."), grad => !compared.Contains(grad) && !grad.Contains("decoder", StringComparison.Ordinal));
        log.WriteLine($"{name}: loss within {Math.Abs(golden.Floats("loss")[0] - loss.Loss):e1}, worst gradient {worst:p1} of its tolerance");
    }
}
