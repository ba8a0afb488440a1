namespace BertSharp.Tests;

/// <summary>
/// The gradients of the low-rank matrices by the chain rule from that of the merged weight W + s·B·A, in float64:
/// dA = s·Bᵀ·dW, dB = s·dW·Aᵀ. The slow twin of a low-rank path of its own.
/// </summary>
internal static class NaiveLora
{
    public static (double[] A, double[] B) Gradients(LoraLayer layer, float[] dWeight)
    {
        (int rank, int inputs, int outputs) = (layer.Target.Rank, layer.Target.Inputs, layer.Target.Outputs);
        double[] dA = new double[layer.A.Length], dB = new double[layer.B.Length];
        for (int o = 0; o < outputs; o++)
        {
            for (int i = 0; i < inputs; i++)
            {
                double d = (double)layer.Target.Scale * dWeight[(o * inputs) + i];
                for (int r = 0; r < rank; r++)
                {
                    dA[(r * inputs) + i] += d * layer.B[(o * rank) + r];
                    dB[(o * rank) + r] += d * layer.A[(r * inputs) + i];
                }
            }
        }

        return (dA, dB);
    }
}
