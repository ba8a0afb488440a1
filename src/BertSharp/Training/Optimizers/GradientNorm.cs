namespace BertSharp;

/// <summary>
/// The Euclidean norm of all gradients together: chunks are summed by any thread, their sums in order. It is NaN or infinite
/// where a gradient is: no sum of squares of float32 values leaves double's range.
/// </summary>
internal sealed unsafe class GradientNorm(IReadOnlyList<TrainedParameter> parameters) : ChunkJob(ParameterChunk.Cut(parameters))
{
    private double[] _sums = [];

    /// <summary>Reads every gradient once.</summary>
    public double Compute()
    {
        _sums = new double[Chunks.Length];
        RunAll();
        double sum = 0;
        foreach (double chunk in _sums)
        {
            sum += chunk;
        }

        return Math.Sqrt(sum);
    }

    /// <summary>The factor that brings a norm down to its limit, as PyTorch's <c>clip_grad_norm_</c> has it; 1 where it is within.</summary>
    public static double Scale(double norm, double limit) => limit > 0 ? Math.Min(1, limit / (norm + 1e-6)) : 1;

    /// <inheritdoc/>
    protected override void Run(int chunk)
    {
        ParameterChunk part = Chunks[chunk];
        _sums[chunk] = SquaredNorm.Of((float*)parameters[part.Parameter].Gradient + part.First, part.Count);
    }
}
