namespace BertSharp;

/// <summary>Changes the weights by their gradients, value by value; the same bits for any number of threads and any width.</summary>
internal abstract class Optimizer : ChunkJob, IDisposable
{
    private readonly TrainingOptions _options;
    private readonly ParameterRate[] _rates;

    protected Optimizer(IReadOnlyList<TrainedParameter> parameters, TrainingOptions options)
        : base(ParameterChunk.Cut(parameters))
    {
        (Parameters, _options) = (parameters, options);
        _rates = ParameterRate.Of(parameters, options);
        Moments = new Moments(parameters);
        Coefficients = new AdamCoefficients[parameters.Count];
    }

    /// <summary>What is trained.</summary>
    public IReadOnlyList<TrainedParameter> Parameters { get; }

    /// <summary>The state beside the weights.</summary>
    public Moments Moments { get; }

    /// <summary>This update's numbers by parameter.</summary>
    protected AdamCoefficients[] Coefficients { get; }

    /// <summary>Rates by parameter.</summary>
    protected IReadOnlyList<ParameterRate> Rates => _rates;

    /// <summary>The optimizer that the options name.</summary>
    public static Optimizer Create(IReadOnlyList<TrainedParameter> parameters, TrainingOptions options) =>
        options.Optimizer == OptimizerKind.Lamb ? new Lamb(parameters, options) : new AdamW(parameters, options);

    /// <summary>Takes one step; gradients are used up.</summary>
    /// <param name="update">The update's number, from 1.</param>
    /// <param name="learningRate">The schedule's rate, before the parameter's own factor.</param>
    /// <param name="gradientScale">Factor of all gradients: clipping without a pass of its own.</param>
    public abstract void Update(long update, double learningRate, double gradientScale);

    /// <inheritdoc/>
    public void Dispose() => Moments.Dispose();

    /// <summary>Sets the numbers of an update whose steps are <paramref name="rate"/>(parameter) times Adam's.</summary>
    protected void SetCoefficients(long update, double gradientScale, Func<ParameterRate, double> rate)
    {
        for (int i = 0; i < _rates.Length; i++)
        {
            Coefficients[i] = AdamCoefficients.Of(_options, update, rate(_rates[i]), _rates[i].WeightDecay, gradientScale);
        }
    }

    /// <summary>Adam's kernel for a chunk.</summary>
    protected unsafe AdamKernel Kernel(ParameterChunk chunk, bool leavesStep)
    {
        TrainedParameter parameter = Parameters[chunk.Parameter];
        return new AdamKernel(
            (float*)parameter.Value + chunk.First,
            (float*)parameter.Gradient + chunk.First,
            Moments.First(chunk.Parameter) + chunk.First,
            Moments.Second(chunk.Parameter) + chunk.First,
            chunk.Count,
            Coefficients[chunk.Parameter],
            leavesStep);
    }
}
