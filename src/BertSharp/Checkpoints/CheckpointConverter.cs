namespace BertSharp;

/// <summary>
/// Copies a model with its weights in another float type or other shards; names, metadata and all other files stay. Weights
/// in int8 become floats again, and the result is no longer marked as quantized.
/// </summary>
public static class CheckpointConverter
{
    /// <summary>Converts a checkpoint into a new folder.</summary>
    /// <param name="source">A folder, a file or a Hub name, as <see cref="Checkpoint.Open"/> takes it.</param>
    /// <param name="destination">A folder that does not exist yet, or is empty.</param>
    /// <param name="type">The float type of the result; float64 is narrowed by way of float32, as PyTorch does.</param>
    /// <param name="maxShardBytes">The longest file in bytes.</param>
    /// <param name="progress">Is told the share that is written, 0 to 1.</param>
    /// <param name="cancellation">Checked between pieces; nothing is left where it is cancelled.</param>
    /// <exception cref="CheckpointException">The destination is taken, a file is damaged, or a value is beyond the range of <paramref name="type"/>.</exception>
    public static void Convert(string source, string destination, TensorType type, long maxShardBytes = 5_000_000_000, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        using Checkpoint checkpoint = Checkpoint.Open(source);
        SaveOptions options = new() { DataType = type, MaxShardBytes = maxShardBytes, Progress = progress };
        StoredTensor[] tensors = [.. checkpoint.Tensors.Where(tensor => !tensor.IsScale).Select(tensor => StoredTensor.Of(checkpoint, tensor, type))];
        CheckpointRewrite.Run(checkpoint, destination, tensors, options, config =>
        {
            ConfigDataType.Set(config, type);
            config.Remove(QuantizationKey);
        }, cancellation);
    }

    /// <summary>The key of <c>config.json</c> that says how weights are quantized.</summary>
    internal const string QuantizationKey = "quantization_config";
}
