using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BertSharp;

/// <summary>What the values of a tensor look like; mean, deviation and extremes are over the finite ones.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="NaNs">Number of values that are not numbers.</param>
/// <param name="Infinities">Number of infinite values.</param>
/// <param name="Mean">The mean; NaN where no value is finite.</param>
/// <param name="StandardDeviation">The standard deviation of the population.</param>
/// <param name="Minimum">The smallest value.</param>
/// <param name="Maximum">The largest value.</param>
public sealed record TensorStats(TensorInfo Tensor, long NaNs, long Infinities, double Mean, double StandardDeviation, float Minimum, float Maximum)
{
    private const int Piece = 1 << 16;

    /// <summary>SHA-256 of the values as float32: equal tensors have equal hashes, whatever their stored type.</summary>
    internal string Hash { get; private init; } = "";

    /// <summary>Reads a tensor once, in pieces.</summary>
    /// <exception cref="CheckpointException">The tensor's values are not readable as float32.</exception>
    public static TensorStats Of(Checkpoint checkpoint, TensorInfo tensor, CancellationToken cancellation = default)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        float[] buffer = ArrayPool<float>.Shared.Rent(Piece);
        Accumulator sums = new();
        try
        {
            for (long first = 0; first < tensor.Count; first += Piece)
            {
                cancellation.ThrowIfCancellationRequested();
                Span<float> values = buffer.AsSpan(0, (int)Math.Min(Piece, tensor.Count - first));
                checkpoint.ReadElements(tensor, first, values);
                hash.AppendData(MemoryMarshal.AsBytes(values));
                sums.Add(values);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }

        return sums.Result(tensor) with { Hash = Convert.ToHexString(hash.GetHashAndReset()) };
    }

    /// <summary>Groups tensors of the same shape whose values are equal, bit for bit: candidates by hash, then by content.</summary>
    public static IReadOnlyList<IReadOnlyList<TensorInfo>> FindEqual(Checkpoint checkpoint, IEnumerable<TensorStats> stats, CancellationToken cancellation = default) =>
        [.. stats.Where(one => one.Tensor.Count > 0)
            .GroupBy(one => (one.Tensor.ShapeText, one.Hash))
            .Select(group => group.Select(one => one.Tensor).ToList())
            .Select(group => group.FindAll(tensor => TensorDifference.Of(checkpoint, group[0], checkpoint, tensor, cancellation).IsIdentical))
            .Where(group => group.Count > 1)];

    // Sums are taken about the first finite value: so the variance does not cancel where the mean is far from zero.
    private sealed class Accumulator
    {
        private long _nans, _infinities, _finite;
        private double _origin, _sum, _squares;
        private float _minimum = float.PositiveInfinity, _maximum = float.NegativeInfinity;

        public void Add(ReadOnlySpan<float> values)
        {
            foreach (float value in values)
            {
                if (!float.IsFinite(value))
                {
                    _nans += float.IsNaN(value) ? 1 : 0;
                    _infinities += float.IsNaN(value) ? 0 : 1;
                    continue;
                }

                _origin = _finite++ == 0 ? value : _origin;
                double d = value - _origin;
                _sum += d;
                _squares += d * d;
                _minimum = Math.Min(_minimum, value);
                _maximum = Math.Max(_maximum, value);
            }
        }

        public TensorStats Result(TensorInfo tensor)
        {
            double mean = _sum / _finite, variance = Math.Max(0, (_squares / _finite) - (mean * mean));
            return _finite == 0
                ? new TensorStats(tensor, _nans, _infinities, double.NaN, double.NaN, float.NaN, float.NaN)
                : new TensorStats(tensor, _nans, _infinities, _origin + mean, Math.Sqrt(variance), _minimum, _maximum);
        }
    }
}
