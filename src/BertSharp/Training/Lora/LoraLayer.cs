namespace BertSharp;

/// <summary>
/// The low-rank matrices of one linear layer: y = x·Wᵀ + s·(x·Aᵀ)·Bᵀ (Hu et al. 2021, equation 3; x dropped out before A in
/// training). B is zero at first, so that a new adapter changes nothing.
/// </summary>
/// <param name="target">The layer.</param>
/// <param name="a">A [r, inputs], row-major.</param>
/// <param name="b">B [outputs, r], row-major.</param>
internal sealed class LoraLayer(LoraTarget target, float[] a, float[] b)
{
    /// <summary>The layer that it changes.</summary>
    public LoraTarget Target => target;

    /// <summary>A [r, inputs], row-major.</summary>
    public float[] A => a;

    /// <summary>B [outputs, r], row-major.</summary>
    public float[] B => b;

    /// <summary>
    /// New matrices: A uniform in ±1 / √inputs, as PEFT's kaiming_uniform(a = √5) gives, each value by seed and place alone;
    /// B zero.
    /// </summary>
    public static LoraLayer Create(LoraTarget target, ulong seed)
    {
        float[] a = new float[checked(target.Rank * target.Inputs)];
        double bound = 1 / Math.Sqrt(target.Inputs);
        for (int i = 0; i < a.Length; i++)
        {
            double unit = new SplitMix64(SplitMix64.Derive(seed, (ulong)i)).NextUnit();
            a[i] = (float)(bound * ((2 * unit) - 1));
        }

        return new LoraLayer(target, a, new float[checked(target.Outputs * target.Rank)]);
    }

    /// <summary>Row <paramref name="row"/> of W ← that of W + s·B·A: the chain over r first, then one fused step.</summary>
    /// <param name="row">The output.</param>
    /// <param name="weights">[inputs] of W, changed.</param>
    /// <param name="scratch">[inputs].</param>
    public void AddTo(int row, Span<float> weights, Span<float> scratch)
    {
        scratch.Clear();
        for (int r = 0; r < target.Rank; r++)
        {
            Arithmetic.AddScaled(scratch, b[(row * target.Rank) + r], a.AsSpan(r * target.Inputs, target.Inputs));
        }

        Arithmetic.AddScaled(weights, target.Scale, scratch);
    }
}
