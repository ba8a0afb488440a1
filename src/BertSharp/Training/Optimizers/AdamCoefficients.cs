namespace BertSharp;

/// <summary>
/// One update's numbers, made in double and rounded once. With gradient g, weight w, moments m and v:
/// <code>
/// m ← m + (1 − β₁)(s·g − m)        v ← β₂·v + (1 − β₂)(s·g)²        s: the scale of clipping
/// u = Direction · m / (RootScale·√v + ε) + Decay · w
/// </code>
/// </summary>
internal readonly record struct AdamCoefficients(float Scale, float NewFirst, float KeptSecond, float NewSecond, float RootScale, float Epsilon, float Direction, float Decay)
{
    /// <summary>The numbers of an update whose step is <paramref name="rate"/> · (m̂ / (√v̂ + ε) + decay · w).</summary>
    /// <param name="options">Betas, ε and whether moments are corrected: m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ).</param>
    /// <param name="update">The update t, from 1.</param>
    /// <param name="rate">Factor of the step.</param>
    /// <param name="decay">Weight decay.</param>
    /// <param name="scale">Factor of the gradient.</param>
    public static AdamCoefficients Of(TrainingOptions options, long update, double rate, double decay, double scale)
    {
        bool corrects = options.Optimizer != OptimizerKind.GoogleAdamW;
        double first = corrects ? 1 - WholePower.Of(options.Beta1, update) : 1;
        double second = corrects ? 1 - WholePower.Of(options.Beta2, update) : 1;
        double epsilon = options.Epsilon ?? (options.Optimizer == OptimizerKind.AdamW ? 1e-8 : 1e-6);
        return new AdamCoefficients(
            (float)scale,
            (float)(1 - options.Beta1),
            (float)options.Beta2,
            (float)(1 - options.Beta2),
            (float)(1 / Math.Sqrt(second)),
            (float)epsilon,
            (float)(rate / first),
            (float)(rate * decay));
    }
}
