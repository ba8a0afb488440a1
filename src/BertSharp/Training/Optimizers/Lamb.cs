using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>
/// LAMB (You et al. 2020): r = m̂ / (√v̂ + ε) + λ w, then w ← w − η (‖w‖ / ‖r‖) r with the norms of the whole tensor. Tensors
/// without decay keep the factor 1, as in the authors' code; so does one of norm 0. The first pass leaves r in place of the
/// gradient, the second takes it.
/// </summary>
internal sealed unsafe class Lamb(IReadOnlyList<TrainedParameter> parameters, TrainingOptions options) : Optimizer(parameters, options)
{
    private readonly float[] _rates = new float[parameters.Count];
    private (double Weight, double Step)[] _squares = [];
    private bool _isSecondPass;

    /// <inheritdoc/>
    public override void Update(long update, double learningRate, double gradientScale)
    {
        SetCoefficients(update, gradientScale, _ => 1);
        _squares = new (double, double)[Chunks.Length];
        _isSecondPass = false;
        RunAll();
        SetRates(learningRate);
        _isSecondPass = true;
        RunAll();
    }

    /// <inheritdoc/>
    protected override void Run(int chunk)
    {
        ParameterChunk part = Chunks[chunk];
        float* w = (float*)Parameters[part.Parameter].Value + part.First, r = (float*)Parameters[part.Parameter].Gradient + part.First;
        if (_isSecondPass)
        {
            Simd.Run(new StepKernel(w, r, part.Count, -_rates[part.Parameter]));
            return;
        }

        Simd.Run(Kernel(part, leavesStep: true));
        _squares[chunk] = (SquaredNorm.Of(w, part.Count), SquaredNorm.Of(r, part.Count));
    }

    private void SetRates(double learningRate)
    {
        (double Weight, double Step)[] sums = new (double, double)[Parameters.Count];
        for (int chunk = 0; chunk < Chunks.Length; chunk++)
        {
            ref (double Weight, double Step) sum = ref sums[Chunks[chunk].Parameter];
            sum = (sum.Weight + _squares[chunk].Weight, sum.Step + _squares[chunk].Step);
        }

        for (int i = 0; i < sums.Length; i++)
        {
            bool scales = Rates[i].Decays && sums[i].Weight > 0 && sums[i].Step > 0;
            double trust = scales ? Math.Sqrt(sums[i].Weight) / Math.Sqrt(sums[i].Step) : 1;
            _rates[i] = (float)(learningRate * Rates[i].Factor * trust);
        }
    }

    /// <summary>w ← w + factor · r.</summary>
    private readonly struct StepKernel(float* w, float* r, int count, float factor) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            V scale = L.Broadcast(factor), zero = L.Broadcast(0f);
            int i = 0;
            for (; i <= count - L.Count; i += L.Count)
            {
                L.Store(L.Fma(scale, L.Load(r + i), L.Load(w + i)), w + i);
            }

            if (i < count)
            {
                L.StoreFirst(L.Fma(scale, L.LoadFirst(r + i, count - i, zero), L.LoadFirst(w + i, count - i, zero)), w + i, count - i);
            }
        }
    }
}
