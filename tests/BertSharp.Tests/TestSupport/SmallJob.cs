using System.Runtime.InteropServices;

namespace BertSharp.Tests;

/// <summary>
/// A linear regression that learns a hidden line from examples drawn by step: y = Σ wᵢ sᵢ xᵢ + b. It stands for a model where
/// the trainer is tested, and can fail where it is told to.
/// </summary>
internal sealed class SmallJob : TrainingJob
{
    private const int Examples = 4;

    private readonly SmallParameters _parameters = new();
    private readonly TrainedParameter _weight;
    private readonly TrainedParameter _scale;
    private readonly TrainedParameter _bias;
    private readonly float[] _x;
    private readonly ulong _seed;

    public SmallJob(int size = 300, ulong seed = 1)
    {
        (_seed, _x) = (seed, new float[size]);
        _weight = _parameters.Add("bert.encoder.layer.0.output.dense.weight", size, ParameterPart.FeedForward, layer: 0, filling: 5);
        _scale = _parameters.Add("bert.encoder.layer.0.output.LayerNorm.weight", size, ParameterPart.FeedForward, layer: 0);
        _bias = _parameters.Add("classifier.bias", 1);
        SplitMix64 random = new(seed);
        for (int i = 0; i < size; i++)
        {
            _weight.Values[i] = (float)random.NextUnit() - 0.5f;
            _scale.Values[i] = 1;
        }
    }

    /// <summary>Called before the gradients of a step are computed.</summary>
    public Action<long>? OnStep { get; set; }

    /// <summary>Called before a validation, and before a model is saved.</summary>
    public Action<string>? OnEvent { get; set; }

    /// <summary>Replaces a step's loss.</summary>
    public Func<long, double, double> Loss { get; set; } = (_, loss) => loss;

    /// <summary>Replaces a validation's score, by the number of validations before.</summary>
    public Func<int, double, double> Score { get; set; } = (_, score) => score;

    /// <summary>Whether there are held-out examples.</summary>
    public bool HasValidation { get; set; } = true;

    /// <summary>Validations so far.</summary>
    public int Validations { get; private set; }

    /// <summary>What <see cref="Identity"/> says of the data.</summary>
    public string Data { get; set; } = "drawn by step";

    /// <inheritdoc/>
    public override IReadOnlyList<TrainedParameter> Parameters => _parameters.All;

    /// <inheritdoc/>
    public override long StepsPerEpoch => 10;

    /// <inheritdoc/>
    public override string Metric => "error";

    public override IReadOnlyDictionary<string, string> Identity => new Dictionary<string, string> { ["data"] = Data, ["size"] = $"{_x.Length}" };

    /// <inheritdoc/>
    public override StepLoss ComputeGradients(long step, CancellationToken cancellation)
    {
        OnStep?.Invoke(step);
        foreach (TrainedParameter parameter in Parameters)
        {
            parameter.Gradients.Clear();
        }

        double loss = 0;
        for (int example = 0; example < Examples; example++)
        {
            cancellation.ThrowIfCancellationRequested();
            double error = Error(SplitMix64.Derive(_seed, (ulong)((step * Examples) + example)));
            loss += error * error / (2 * Examples);
            float d = (float)(error / Examples);
            for (int i = 0; i < _x.Length; i++)
            {
                _weight.Gradients[i] += d * _scale.Values[i] * _x[i];
                _scale.Gradients[i] += d * _weight.Values[i] * _x[i];
            }

            _bias.Gradients[0] += d;
        }

        return new StepLoss(Loss(step, loss), Examples * _x.Length, [KeyValuePair.Create("squared_error", 2 * loss)]);
    }

    /// <inheritdoc/>
    public override Validation? Validate(CancellationToken cancellation)
    {
        OnEvent?.Invoke("validate");
        cancellation.ThrowIfCancellationRequested();
        if (!HasValidation)
        {
            return null;
        }

        double error = Math.Abs(Error(SplitMix64.Derive(_seed, ulong.MaxValue)));
        return new Validation(Metric, HigherIsBetter: false, [KeyValuePair.Create("error", Score(Validations++, error)), KeyValuePair.Create("not_a_number", double.NaN)]);
    }

    /// <inheritdoc/>
    public override void Save(string folder)
    {
        OnEvent?.Invoke("save");
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, "weights.bin"), stream =>
        {
            foreach (TrainedParameter parameter in Parameters)
            {
                stream.Write(MemoryMarshal.AsBytes(parameter.Values));
            }
        });
    }

    /// <inheritdoc/>
    public override void Dispose() => _parameters.Dispose();

    // Draws an example into _x; the prediction less the truth, which is the sum of the first ten.
    private double Error(ulong seed)
    {
        SplitMix64 random = new(seed);
        double error = _bias.Values[0];
        for (int i = 0; i < _x.Length; i++)
        {
            _x[i] = (float)(random.NextUnit() - 0.5);
            error += ((_weight.Values[i] * _scale.Values[i]) - (i < 10 ? 1 : 0)) * _x[i];
        }

        return error;
    }
}
