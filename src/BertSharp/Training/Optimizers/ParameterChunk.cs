namespace BertSharp;

/// <summary>
/// A run of one parameter's values: what threads share, and what sums are cut into, so that their order depends on nothing else.
/// </summary>
/// <param name="Parameter">The parameter's number.</param>
/// <param name="First">The first value.</param>
/// <param name="Count">Number of values, at most <see cref="Size"/>.</param>
internal readonly record struct ParameterChunk(int Parameter, long First, int Count)
{
    /// <summary>Values of a chunk: four arrays of it stay in the second-level cache.</summary>
    public const int Size = 4096;

    /// <summary>All parameters' chunks in order.</summary>
    public static ParameterChunk[] Cut(IReadOnlyList<TrainedParameter> parameters)
    {
        List<ParameterChunk> chunks = [];
        for (int parameter = 0; parameter < parameters.Count; parameter++)
        {
            for (long first = 0; first < parameters[parameter].Length; first += Size)
            {
                chunks.Add(new ParameterChunk(parameter, first, (int)Math.Min(Size, parameters[parameter].Length - first)));
            }
        }

        return [.. chunks];
    }
}
