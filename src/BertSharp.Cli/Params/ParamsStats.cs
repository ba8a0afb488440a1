namespace BertSharp.Cli.Params;

/// <summary>What <c>--stats</c> adds: a look at every value of a checkpoint, by canonical name, and the tensors that are equal.</summary>
/// <param name="ByName">The statistics of each tensor.</param>
/// <param name="Equal">Groups of tensors with the same shape and values, by their stored names.</param>
internal sealed record ParamsStats(IReadOnlyDictionary<string, TensorStats> ByName, IReadOnlyList<IReadOnlyList<TensorInfo>> Equal)
{
    /// <summary>Reads the whole checkpoint.</summary>
    public static ParamsStats Read(Checkpoint checkpoint, Action<double> progress, CancellationToken cancellation)
    {
        TensorInfo[] tensors = [.. checkpoint.Tensors.Where(tensor => tensor.IsReadable && !tensor.IsScale)];
        long done = 0, total = Math.Max(1, tensors.Sum(tensor => tensor.ByteCount));
        Dictionary<string, TensorStats> byName = [];
        List<TensorStats> all = [];
        foreach (TensorInfo tensor in tensors)
        {
            TensorStats stats = TensorStats.Of(checkpoint, tensor, cancellation);
            all.Add(stats);
            byName.TryAdd(tensor.CanonicalName, stats);
            byName.TryAdd(tensor.Name, stats);
            done += tensor.ByteCount;
            progress((double)done / total);
        }

        return new ParamsStats(byName, TensorStats.FindEqual(checkpoint, all, cancellation));
    }
}
