using System.Buffers;

namespace BertSharp;

/// <summary>How far two tensors of one shape lie apart.</summary>
/// <param name="MaxAbs">The largest distance; infinite where a NaN or an infinity stands against another value.</param>
/// <param name="MeanAbs">The mean distance.</param>
/// <param name="Differing">Number of values that differ; -0 equals 0, a NaN equals a NaN.</param>
public sealed record TensorDifference(double MaxAbs, double MeanAbs, long Differing)
{
    private const int Piece = 1 << 16;

    /// <summary>Whether all values are equal.</summary>
    public bool IsIdentical => Differing == 0;

    /// <summary>Reads two tensors of one shape once, in pieces.</summary>
    /// <exception cref="CheckpointException">A tensor's values are not readable as float32.</exception>
    public static TensorDifference Of(Checkpoint a, TensorInfo tensorA, Checkpoint b, TensorInfo tensorB, CancellationToken cancellation = default)
    {
        float[] bufferA = ArrayPool<float>.Shared.Rent(Piece), bufferB = ArrayPool<float>.Shared.Rent(Piece);
        double max = 0, sum = 0;
        long differing = 0;
        try
        {
            for (long first = 0; first < tensorA.Count; first += Piece)
            {
                cancellation.ThrowIfCancellationRequested();
                int count = (int)Math.Min(Piece, tensorA.Count - first);
                a.ReadElements(tensorA, first, bufferA.AsSpan(0, count));
                b.ReadElements(tensorB, first, bufferB.AsSpan(0, count));
                for (int i = 0; i < count; i++)
                {
                    double distance = Distance(bufferA[i], bufferB[i]);
                    differing += distance > 0 ? 1 : 0;
                    max = Math.Max(max, distance);
                    sum += distance;
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(bufferA);
            ArrayPool<float>.Shared.Return(bufferB);
        }

        return new TensorDifference(max, tensorA.Count == 0 ? 0 : sum / tensorA.Count, differing);
    }

    private static double Distance(float x, float y) =>
        x == y || (float.IsNaN(x) && float.IsNaN(y)) ? 0
        : float.IsFinite(x) && float.IsFinite(y) ? Math.Abs((double)x - y)
        : double.PositiveInfinity;
}
