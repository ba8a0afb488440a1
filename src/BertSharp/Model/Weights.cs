namespace BertSharp;

/// <summary>Where a new model's weights come from: a checkpoint, or a seed.</summary>
internal static class Weights
{
    /// <summary>Loads the parameters of a list from a checkpoint, row by row into their layout and format.</summary>
    /// <exception cref="CheckpointException">A parameter is missing or has another shape, the encoder has one too many, or a value is beyond its format.</exception>
    public static ModelParameters Load(Checkpoint checkpoint, IReadOnlyList<ParameterInfo> list, QuantizationConfig? quantization) => Load(checkpoint, list, quantization, [], (_, _, _) => { });

    /// <summary>The same, but for parameters that are not the checkpoint's: their values are given.</summary>
    public static ModelParameters Load(Checkpoint checkpoint, IReadOnlyList<ParameterInfo> list, QuantizationConfig? quantization, IReadOnlyCollection<ParameterInfo> given, RowSource values)
    {
        CheckpointComparison.Require([.. list.Except(given)], checkpoint);
        HashSet<string> expected = [.. list.Select(parameter => parameter.Name)];
        if (checkpoint.Tensors.FirstOrDefault(tensor => IsUnexpected(tensor, expected)) is { } surplus)
        {
            throw new CheckpointException(surplus.File, surplus.Name.EndsWith(Int8Tensors.ScaleSuffix, StringComparison.Ordinal)
                ? "is the scale of no int8 weight: expected a weight of dtype I8 and a scale for each of its rows; quantize the float32 model again: bert quantize"
                : "belongs to an encoder with more parts than config.json describes", surplus.Name);
        }

        try
        {
            return new ModelParameters(list, ReadRows, quantization is null ? null : quantization.FormatOf, (info, parameter) => !given.Contains(info) && SetInt8(checkpoint, info, parameter));
        }
        catch (NotFiniteNumberException error)
        {
            throw new CheckpointException(checkpoint.Path, error.Message, inner: error);
        }

        void ReadRows(ParameterInfo parameter, int firstRow, Span<float> rows)
        {
            if (given.Contains(parameter))
            {
                values(parameter, firstRow, rows);
                return;
            }

            checkpoint.TryFind(parameter.Name, out TensorInfo tensor);
            checkpoint.ReadElements(tensor, firstRow * parameter.Shape[^1], rows);
        }
    }

    /// <summary>
    /// Random weights for new models, speed measurements and tests: gains 1, biases 0, the rest of mean 0 and deviation
    /// <c>initializer_range</c> (the sum of four uniform numbers, close to normal).
    /// </summary>
    public static ModelParameters Random(BertConfig config, IReadOnlyList<ParameterInfo> list, ulong seed, QuantizationConfig? quantization) =>
        new(list, Random(config, seed), quantization is null ? null : quantization.FormatOf);

    /// <summary>The values of such weights, in the order in which they are asked for.</summary>
    public static RowSource Random(BertConfig config, ulong seed)
    {
        SplitMix64 random = new(seed);
        float scale = (float)(config.InitializerRange * 1.7320508);
        return (parameter, _, rows) =>
        {
            if (parameter.Shape.Length == 1)
            {
                rows.Fill(parameter.Name.EndsWith("LayerNorm.weight", StringComparison.Ordinal) ? 1f : 0f);
                return;
            }

            foreach (ref float value in rows)
            {
                ulong bits = random.Next();
                int sum = (ushort)bits + (ushort)(bits >> 16) + (ushort)(bits >> 32) + (ushort)(bits >> 48);
                value = ((sum / 65536f) - 2f) * scale;
            }
        };
    }

    // Whole numbers and scales as they are stored: rounding the widened values anew could move a scale.
    private static bool SetInt8(Checkpoint checkpoint, ParameterInfo info, Parameter parameter)
    {
        checkpoint.TryFind(info.Name, out TensorInfo tensor);
        if (tensor.Scale is null || parameter.Format is not (WeightFormat.Int8 or WeightFormat.Int8Dynamic))
        {
            return false;
        }

        int step = Math.Max(1, TensorData.BufferBytes / parameter.Columns);
        sbyte[] values = new sbyte[step * parameter.Columns];
        float[] scales = new float[step];
        for (int row = 0; row < parameter.Rows; row += step)
        {
            int rows = Math.Min(step, parameter.Rows - row);
            checkpoint.ReadInt8Rows(tensor, row, values.AsSpan(0, rows * parameter.Columns), scales.AsSpan(0, rows));
            parameter.SetQuantizedRows(row, values.AsSpan(0, rows * parameter.Columns), scales.AsSpan(0, rows));
        }

        return true;
    }

    // The pooler may be left out; heads are other models' business.
    private static bool IsUnexpected(TensorInfo tensor, HashSet<string> expected) =>
        !tensor.IsBuffer
        && !tensor.IsScale
        && tensor.CanonicalName.StartsWith("bert.", StringComparison.Ordinal)
        && !tensor.CanonicalName.StartsWith("bert.pooler.", StringComparison.Ordinal)
        && !expected.Contains(tensor.CanonicalName);
}
