namespace BertSharp;

/// <summary>Where a new model's weights come from: a checkpoint, or a seed.</summary>
internal static class Weights
{
    /// <summary>Loads the parameters of a list from a checkpoint, row by row into their layout.</summary>
    /// <exception cref="CheckpointException">A parameter is missing or has another shape, or the encoder has one too many.</exception>
    public static ModelParameters Load(Checkpoint checkpoint, IReadOnlyList<ParameterInfo> list, WeightFormat weights = WeightFormat.Float32)
    {
        CheckpointComparison.Require(list, checkpoint);
        HashSet<string> expected = [.. list.Select(parameter => parameter.Name)];
        if (checkpoint.Tensors.FirstOrDefault(tensor => IsUnexpected(tensor, expected)) is { } surplus)
        {
            throw new CheckpointException(surplus.File, "belongs to an encoder with more parts than config.json describes", surplus.Name);
        }

        return new ModelParameters(list, (parameter, firstRow, rows) =>
        {
            checkpoint.TryFind(parameter.Name, out TensorInfo tensor);
            checkpoint.ReadElements(tensor, firstRow * parameter.Shape[^1], rows);
        },
        InEncoder(weights));
    }

    /// <summary>
    /// Random weights for speed measurements and tests: gains 1, biases 0, the rest of mean 0 and deviation
    /// <c>initializer_range</c> (the sum of four uniform numbers, close to normal).
    /// </summary>
    public static ModelParameters Random(BertConfig config, IReadOnlyList<ParameterInfo> list, ulong seed, WeightFormat weights = WeightFormat.Float32)
    {
        ulong state = seed;
        float scale = (float)(config.InitializerRange * 1.7320508);
        return new ModelParameters(list, (parameter, _, rows) =>
        {
            if (parameter.Shape.Length == 1)
            {
                rows.Fill(parameter.Name.EndsWith("LayerNorm.weight", StringComparison.Ordinal) ? 1f : 0f);
                return;
            }

            foreach (ref float value in rows)
            {
                ulong bits = Next(ref state);
                int sum = (ushort)bits + (ushort)(bits >> 16) + (ushort)(bits >> 32) + (ushort)(bits >> 48);
                value = ((sum / 65536f) - 2f) * scale;
            }
        },
        InEncoder(weights));
    }

    /// <summary>A format for the layers of the encoder: poolers and heads are small, and answers depend on them directly.</summary>
    public static Func<ParameterInfo, WeightFormat> InEncoder(WeightFormat weights) =>
        info => info.Part is ParameterPart.SelfAttention or ParameterPart.FeedForward ? weights : WeightFormat.Float32;

    // The pooler may be left out; heads are other models' business.
    private static bool IsUnexpected(TensorInfo tensor, HashSet<string> expected) =>
        !tensor.IsBuffer
        && tensor.CanonicalName.StartsWith("bert.", StringComparison.Ordinal)
        && !tensor.CanonicalName.StartsWith("bert.pooler.", StringComparison.Ordinal)
        && !expected.Contains(tensor.CanonicalName);

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014).</summary>
    private static ulong Next(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
