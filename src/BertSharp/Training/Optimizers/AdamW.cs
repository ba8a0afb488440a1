namespace BertSharp;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter 2019): w ← w − η (m̂ / (√v̂ + ε) + λ w), in one pass. The decay is part
/// of the step, not a factor 1 − ηλ of the weight, which float32 would round to a few digits of ηλ.
/// </summary>
internal sealed class AdamW(IReadOnlyList<TrainedParameter> parameters, TrainingOptions options) : Optimizer(parameters, options)
{
    /// <inheritdoc/>
    public override void Update(long update, double learningRate, double gradientScale)
    {
        SetCoefficients(update, gradientScale, rate => learningRate * rate.Factor);
        RunAll();
    }

    /// <inheritdoc/>
    protected override void Run(int chunk) => Simd.Run(Kernel(Chunks[chunk], leavesStep: false));
}
