namespace BertSharp.Tests;

/// <summary>Optimizers at every width, thread count and length, and against a twin in double.</summary>
[Collection(Widths.Alone)]
public sealed unsafe class OptimizerTests
{
    private static readonly int[] Lengths = [1, 2, 7, 8, 15, 16, 17, 31, 33, 100, 4095, 4096, 4097, 10_000];

    [Theory]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.GoogleAdamW)]
    [InlineData(OptimizerKind.Lamb)]
    public void All_widths_and_thread_counts_give_the_same_bits_and_the_twin_s_values(object kind)
    {
        TrainingOptions options = new() { Folder = "none", Optimizer = (OptimizerKind)kind, WeightDecay = 0.1, Beta2 = 0.98 };
        double[] twin = Twin(options, updates: 5);
        float[]? first = null;
        foreach (int threads in new[] { 1, 2 })
        {
            Threads.At(threads, () => Widths.ForEach(width =>
            {
                float[] values = Run(options, updates: 5);
                first ??= values;
                Numbers.AssertSameBits(first, values, $"{kind}, width {width}, {threads} threads");
            }));
        }

        for (int i = 0; i < twin.Length; i++)
        {
            Assert.Equal(twin[i], first![i], 2e-6);
        }
    }

    [Theory]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.Lamb)]
    public void No_length_reads_or_writes_beyond_its_memory(object kind)
    {
        TrainingOptions options = new() { Folder = "none", Optimizer = (OptimizerKind)kind };
        using GuardedMemory values = new(130), gradients = new(130);
        for (int length = 1; length <= 130; length++)
        {
            foreach (Guard guard in Enum.GetValues<Guard>())
            {
                Widths.ForEach(_ =>
                {
                    TrainedParameter parameter = new(new ParameterInfo("classifier.weight", [length], ParameterPart.Head), (nint)values.At(guard, length), (nint)gradients.At(guard, length), length);
                    Numbers.Fill(parameter.Values, seed: length);
                    Numbers.Fill(parameter.Gradients, seed: length + 1000);
                    using Optimizer optimizer = Optimizer.Create([parameter], options);
                    optimizer.Update(1, 0.01, 1);
                    Assert.All(parameter.Values.ToArray(), value => Assert.True(float.IsFinite(value)));
                });
            }
        }
    }

    [Fact]
    public void What_fills_panels_up_stays_zero()
    {
        foreach (OptimizerKind kind in Enum.GetValues<OptimizerKind>())
        {
            using SmallParameters parameters = new();
            TrainedParameter parameter = parameters.Add("classifier.weight", 40, filling: 24);
            Numbers.Fill(parameter.Values[..40], 1);
            Numbers.Fill(parameter.Gradients[..40], 2);
            using Optimizer optimizer = Optimizer.Create(parameters.All, new TrainingOptions { Folder = "none", Optimizer = kind });
            optimizer.Update(1, 0.1, 1);
            Assert.All(parameter.Values[40..].ToArray(), value => Assert.Equal(0, BitConverter.SingleToInt32Bits(value)));
        }
    }

    [Fact]
    public void A_scale_of_gradients_is_the_same_as_scaled_gradients()
    {
        TrainingOptions options = new() { Folder = "none" };
        Numbers.AssertSameBits(Run(options, 3, gradientFactor: 0.25f), Run(options, 3, scale: 0.25), "scale");
    }

    [Fact]
    public void The_power_is_that_of_repeated_multiplication()
    {
        double product = 1;
        for (int n = 0; n <= 2000; n++, product *= 0.999)
        {
            Assert.Equal(1, WholePower.Of(0.999, n) / product, 1e-12);
        }
    }

    private static float[] Run(TrainingOptions options, int updates, float gradientFactor = 1, double scale = 1)
    {
        using SmallParameters parameters = new();
        foreach (int length in Lengths)
        {
            Numbers.Fill(parameters.Add($"{length}.weight", length).Values, length);
        }

        using Optimizer optimizer = Optimizer.Create(parameters.All, options);
        for (int update = 1; update <= updates; update++)
        {
            foreach (TrainedParameter parameter in parameters.All)
            {
                Numbers.Fill(parameter.Gradients, (int)parameter.Length + (update * 100_000), gradientFactor);
            }

            optimizer.Update(update, 0.01, scale);
        }

        return [.. parameters.All.SelectMany(parameter => parameter.Values.ToArray())];
    }

    // The formulas of the papers in double, tensor by tensor.
    private static double[] Twin(TrainingOptions options, int updates)
    {
        List<double> all = [];
        double epsilon = options.Optimizer == OptimizerKind.AdamW ? 1e-8 : 1e-6;
        foreach (int length in Lengths)
        {
            double[] w = [.. Numbers.Array(length, length).Select(value => (double)value)], m = new double[length], v = new double[length], r = new double[length];
            for (int t = 1; t <= updates; t++)
            {
                float[] g = Numbers.Array(length, length + (t * 100_000));
                double c1 = options.Optimizer == OptimizerKind.GoogleAdamW ? 1 : 1 - Math.Pow(options.Beta1, t), c2 = options.Optimizer == OptimizerKind.GoogleAdamW ? 1 : 1 - Math.Pow(options.Beta2, t);
                for (int i = 0; i < length; i++)
                {
                    m[i] = (options.Beta1 * m[i]) + ((1 - options.Beta1) * g[i]);
                    v[i] = (options.Beta2 * v[i]) + ((1 - options.Beta2) * g[i] * g[i]);
                    r[i] = (m[i] / c1 / (Math.Sqrt(v[i] / c2) + epsilon)) + (options.WeightDecay * w[i]);
                }

                double trust = options.Optimizer == OptimizerKind.Lamb ? Math.Sqrt(w.Sum(x => x * x) / r.Sum(x => x * x)) : 1;
                for (int i = 0; i < length; i++)
                {
                    w[i] -= 0.01 * trust * r[i];
                }
            }

            all.AddRange(w);
        }

        return [.. all];
    }
}
