namespace BertSharp;

/// <summary>
/// Writes a model with the linear layers of its encoder in another format (docs/formats/quantized.md); all other tensors and
/// files stay as they are. What is written is what loading the source in that format gives, bit for bit.
/// </summary>
public static class ModelQuantizer
{
    /// <summary>Quantizes a model into a new folder, tensor by tensor, whole or not at all.</summary>
    /// <param name="source">A folder, a file or a Hub name, as <see cref="Checkpoint.Open"/> takes it.</param>
    /// <param name="destination">A folder that does not exist yet, or is empty.</param>
    /// <param name="quantization">The format, and the layers that stay as they are.</param>
    /// <param name="progress">Is told the share that is written, 0 to 1.</param>
    /// <param name="cancellation">Checked between pieces; nothing is left where it is cancelled.</param>
    /// <exception cref="ArgumentException">The model has no layer of a name that is to stay, or the format is float32.</exception>
    /// <exception cref="CheckpointException">The source is damaged or quantized already, the destination is taken, or a weight is NaN, infinite or too large.</exception>
    public static void Quantize(string source, string destination, QuantizationConfig quantization, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        using Checkpoint checkpoint = Checkpoint.Open(source);
        BertConfig config = BertModel.ConfigOf(checkpoint);
        Require(checkpoint, config, quantization);
        Dictionary<string, ParameterInfo> encoder = ParameterList.Of(config, HeadKind.TokenClassification).Where(parameter => parameter.Part != ParameterPart.Head).ToDictionary(parameter => parameter.Name);
        CheckpointComparison.Require([.. encoder.Values], checkpoint);
        StoredTensor[] tensors = [.. checkpoint.Tensors.Where(tensor => !tensor.IsScale).SelectMany(tensor =>
            Stored(checkpoint, tensor, encoder.TryGetValue(tensor.CanonicalName, out ParameterInfo? parameter) ? quantization.FormatOf(parameter) : WeightFormat.Float32))];
        CheckpointRewrite.Run(checkpoint, destination, tensors, new SaveOptions { Progress = progress }, json => json[CheckpointConverter.QuantizationKey] = QuantizationConfigJson.Write(quantization), cancellation);
    }

    private static void Require(Checkpoint checkpoint, BertConfig config, QuantizationConfig quantization)
    {
        if (quantization.Weights == WeightFormat.Float32)
        {
            throw new ArgumentException("Float32 is no format of fewer bytes; CheckpointConverter.Convert writes float32.", nameof(quantization));
        }

        if (config.QuantizationConfig is not null)
        {
            throw new CheckpointException(checkpoint.Path, "the model is quantized already; give the float32 model that it was made of, so that nothing is rounded twice", CheckpointConverter.QuantizationKey);
        }

        IReadOnlyList<string> modules = QuantizationConfig.ModulesOf(config);
        if (quantization.ModulesToNotConvert.FirstOrDefault(module => !modules.Contains(module)) is { } unknown)
        {
            throw new ArgumentException($"The model has no linear layer {unknown}; its layers are {modules[0]} … {modules[^1]}.", nameof(quantization));
        }

        // As a file of the format that would not load again.
        (config with { QuantizationConfig = quantization }).Validate(Path.Combine(checkpoint.Path, "config.json"));
    }

    private static StoredTensor[] Stored(Checkpoint checkpoint, TensorInfo tensor, WeightFormat format) => format switch
    {
        WeightFormat.BFloat16 => [StoredTensor.Of(new TensorSource(tensor.Name, tensor.Shape, (first, values) => ReadFinite(checkpoint, tensor, first, values)), TensorType.BFloat16, tensor.File)],
        WeightFormat.Int8 or WeightFormat.Int8Dynamic => Quantized(checkpoint, tensor),
        _ => [tensor.Scale is null ? StoredTensor.Of(checkpoint, tensor) : StoredTensor.Of(checkpoint, tensor, TensorType.Float32)],
    };

    private static StoredTensor[] Quantized(Checkpoint checkpoint, TensorInfo tensor)
    {
        float[] weights = new float[tensor.Shape[1]];
        return Int8Tensors.Store(tensor.Name, tensor.Shape, (row, values) =>
        {
            ReadFinite(checkpoint, tensor, (long)row * weights.Length, weights);
            return SymmetricInt8.Quantize(weights, values);
        });
    }

    private static void ReadFinite(Checkpoint checkpoint, TensorInfo tensor, long first, Span<float> values)
    {
        checkpoint.ReadElements(tensor, first, values);
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new CheckpointException(tensor.File, $"value {first + i} is {values[i].ToString(System.Globalization.CultureInfo.InvariantCulture)}; expected finite numbers. Repair the file, or keep this layer in float32", tensor.Name);
            }
        }
    }
}
