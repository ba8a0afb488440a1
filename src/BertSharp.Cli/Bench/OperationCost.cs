namespace BertSharp.Cli.Bench;

/// <summary>What an operation has to do in one pass of the encoder over B sequences of S tokens.</summary>
/// <param name="Flop">Floating point operations of its matrix products, two for a multiplication and an addition; 0 where it has none.</param>
/// <param name="Bytes">
/// Bytes that it has to read and write: each input, weight matrix and output once a product or call, in float32, a weight in the
/// format that most layers have. A cache may hold them, and what an operation reads again is not counted again.
/// </param>
internal readonly record struct OperationCost(double Flop, double Bytes)
{
    /// <summary>The cost in all layers together.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="config">The model.</param>
    /// <param name="sequences">B.</param>
    /// <param name="length">S.</param>
    public static OperationCost Of(Operation operation, BertConfig config, int sequences, int length)
    {
        double tokens = (double)sequences * length, scores = tokens * length * config.NumAttentionHeads;
        double hidden = config.HiddenSize, inner = config.IntermediateSize, embedding = config.EmbeddingSize;
        double projection = config.EmbeddingSize == config.HiddenSize ? 0 : 1;
        double layers = config.NumHiddenLayers;
        WeightFormat format = config.QuantizationConfig?.Weights ?? WeightFormat.Float32;
        return operation switch
        {
            Operation.EmbeddingLookup => Moved(tokens * embedding * (config.TypeVocabSize > 0 ? 4 : 3)),
            Operation.EmbeddingLayerNorm => Moved(2 * tokens * embedding),
            Operation.EmbeddingProjection => projection * Dense(tokens, embedding, hidden),
            Operation.QueryKeyValue => 3 * layers * Dense(tokens, hidden, hidden, format),
            Operation.AttentionPacking => layers * Moved(4 * tokens * hidden),
            Operation.AttentionScores or Operation.AttentionContext => layers * new OperationCost(2 * tokens * length * hidden, 4 * ((2 * tokens * hidden) + scores)),
            Operation.AttentionSoftmax => layers * Moved(2 * scores),
            Operation.AttentionOutput => layers * (Dense(tokens, hidden, hidden, format) + Moved(tokens * hidden)),
            Operation.FeedForwardUp => layers * Dense(tokens, hidden, inner, format),
            Operation.FeedForwardDown => layers * (Dense(tokens, inner, hidden, format) + Moved(tokens * hidden)),
            Operation.AttentionLayerNorm or Operation.FeedForwardLayerNorm => layers * Moved(2 * tokens * hidden),
            Operation.Output => Moved(2 * tokens * hidden),
            Operation.Pooler => Dense(sequences, hidden, hidden),
            _ => default,
        };
    }

    /// <summary>Whether an operation multiplies by weights of the encoder, which a format may hold in fewer bytes.</summary>
    public static bool IsLinear(Operation operation) =>
        operation is Operation.QueryKeyValue or Operation.AttentionOutput or Operation.FeedForwardUp or Operation.FeedForwardDown;

    public static OperationCost operator +(OperationCost a, OperationCost b) => new(a.Flop + b.Flop, a.Bytes + b.Bytes);

    public static OperationCost operator *(double times, OperationCost cost) => new(times * cost.Flop, times * cost.Bytes);

    private static OperationCost Moved(double values) => new(0, 4 * values);

    /// <summary>[rows, inputs] times [inputs, outputs].</summary>
    private static OperationCost Dense(double rows, double inputs, double outputs, WeightFormat format = WeightFormat.Float32) =>
        new(2 * rows * inputs * outputs, (4 * ((rows * inputs) + (rows * outputs))) + WeightBytes(inputs, outputs, format));

    /// <summary>int8 has a scale for each output beside its whole numbers.</summary>
    private static double WeightBytes(double inputs, double outputs, WeightFormat format) => format switch
    {
        WeightFormat.BFloat16 => 2 * inputs * outputs,
        WeightFormat.Int8 or WeightFormat.Int8Dynamic => (inputs + 4) * outputs,
        _ => 4 * inputs * outputs,
    };
}
