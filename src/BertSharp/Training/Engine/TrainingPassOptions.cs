namespace BertSharp;

/// <summary>How a step is run; nothing here changes a bit of its result but the dropout.</summary>
internal sealed record TrainingPassOptions
{
    /// <summary>Tokens of a micro-batch where nobody says another number.</summary>
    public const int DefaultTokens = 4096;

    /// <summary>Tokens of a micro-batch; a longer sequence, or group of sequences, is one of its own.</summary>
    public int MicroBatchTokens { get; init; } = DefaultTokens;

    /// <summary>Whether a layer's activations are computed again in the backward pass instead of being kept.</summary>
    public bool Recompute { get; init; }

    /// <summary>Whether values are dropped, as the configuration says.</summary>
    public bool Dropout { get; init; } = true;

    /// <summary>An adapter beside the model; null: there is none.</summary>
    public LoraTraining? Lora { get; init; }

    /// <summary>Which parameters are trained.</summary>
    public Func<ParameterInfo, bool> IsTrained { get; init; } = _ => true;
}
