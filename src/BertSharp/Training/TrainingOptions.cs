namespace BertSharp;

/// <summary>
/// How a model is trained. With the same options and data a run gives the same bits, stopped and resumed or not; all but
/// <see cref="Folder"/>, the two checkpoint intervals, <see cref="MicroBatchTokens"/> and <see cref="Recompute"/> must stay as they were when
/// a run is resumed.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>The folder of the run: checkpoints, logs, and the models <c>best</c> and <c>last</c>. What is there is resumed.</summary>
    public required string Folder { get; init; }

    /// <summary>Updates in total; null: as <see cref="Epochs"/> says.</summary>
    public long? Steps { get; init; }

    /// <summary>Passes over the examples, where <see cref="Steps"/> is null; a part of a pass is rounded up to whole updates.</summary>
    public double Epochs { get; init; } = 3;

    /// <summary>The highest learning rate; the schedule multiplies it by 0 to 1.</summary>
    public double LearningRate { get; init; } = 2e-5;

    /// <summary>How the learning rate goes after the warm-up.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Linear;

    /// <summary>The warm-up: a number of updates, or below 1 a share of all updates.</summary>
    public double Warmup { get; init; }

    /// <summary>The fall at the end of <see cref="ScheduleKind.WarmupStableDecay"/>: a number of updates, or below 1 a share of all.</summary>
    public double Decay { get; init; } = 0.1;

    /// <summary>The rule by which gradients change weights.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

    /// <summary>The share of the first moment that each update keeps (β₁).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The share of the second moment that each update keeps (β₂).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>What is added to the root of the second moment (ε); null: 1e-8 for <see cref="OptimizerKind.AdamW"/>, 1e-6 for the others.</summary>
    public double? Epsilon { get; init; }

    /// <summary>The share of a weight that an update at learning rate 1 would take away.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>
    /// Parameters without weight decay (in LAMB also without the scale of their norm): patterns of whole names, <c>*</c> for any
    /// characters, <c>?</c> for one. By default biases and LayerNorms.
    /// </summary>
    public IReadOnlyList<string> NoDecay { get; init; } = ["*bias", "*LayerNorm*"];

    /// <summary>Gradients whose norm over all parameters is larger are scaled down to it; 0: never.</summary>
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>
    /// Factor of the learning rate from each layer to the one below it: the pooler and head keep the whole rate, the last layer has
    /// it once, the first layer and then the embeddings most often. 1: one rate for all.
    /// </summary>
    public double LayerwiseDecay { get; init; } = 1;

    /// <summary>
    /// The share of values that training drops, of hidden states and of attention; null: what the model's configuration says. A model that
    /// was pretrained without dropout may need some for a task that has few examples.
    /// </summary>
    public double? Dropout { get; init; }

    /// <summary>Parameters that stay as they are: patterns as in <see cref="NoDecay"/>, each of which must match some parameter.</summary>
    public IReadOnlyList<string> Freeze { get; init; } = [];

    /// <summary>The seed of all randomness: order of the examples, dropout, masks, new weights.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Updates between checkpoints; 0: <see cref="CheckpointMinutes"/> alone decides.</summary>
    public long CheckpointSteps { get; init; }

    /// <summary>Minutes after which a checkpoint is written whatever <see cref="CheckpointSteps"/> says.</summary>
    public double CheckpointMinutes { get; init; } = 10;

    /// <summary>Updates between validations; null: once a pass. There is always one after the last update.</summary>
    public long? ValidationSteps { get; init; }

    /// <summary>Validations without a better score after which training stops; 0: never.</summary>
    public int Patience { get; init; }

    /// <summary>
    /// Tokens that run at once, or one sequence where that is longer; the more, the faster and the larger the memory. Null: 4096, of
    /// embeddings what keeps their activations in 1 GiB. It does not change a bit of the result.
    /// </summary>
    public int? MicroBatchTokens { get; init; }

    /// <summary>
    /// Whether a layer's activations are computed again on the way back instead of being kept (Chen et al. 2016): a sixteenth of their memory
    /// where I = 4 H, a fifth to two fifths more time. It does not change a bit of the result.
    /// </summary>
    public bool Recompute { get; init; }

    /// <summary>Updates in total.</summary>
    internal long TotalSteps(long stepsPerEpoch) => Steps ?? (long)Math.Ceiling(Epochs * stepsPerEpoch);

    /// <summary>Refuses values that mean nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the option, what was expected and what was found.</exception>
    internal void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(Folder);
        Require(Steps is null or > 0, nameof(Steps), "at least 1", Steps);
        Require(double.IsFinite(Epochs) && Epochs > 0, nameof(Epochs), "more than 0", Epochs);
        Require(double.IsFinite(LearningRate) && LearningRate > 0, nameof(LearningRate), "more than 0", LearningRate);
        Require(Warmup >= 0 && double.IsFinite(Warmup), nameof(Warmup), "updates, or a share below 1", Warmup);
        Require(Decay >= 0 && double.IsFinite(Decay), nameof(Decay), "updates, or a share below 1", Decay);
        Require(Beta1 is >= 0 and < 1, nameof(Beta1), "0 to below 1", Beta1);
        Require(Beta2 is >= 0 and < 1, nameof(Beta2), "0 to below 1", Beta2);
        Require(Epsilon is null or (>= 1e-30 and <= 1), nameof(Epsilon), "1e-30 to 1", Epsilon);
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), nameof(WeightDecay), "at least 0", WeightDecay);
        Require(MaxGradientNorm >= 0 && double.IsFinite(MaxGradientNorm), nameof(MaxGradientNorm), "at least 0", MaxGradientNorm);
        Require(LayerwiseDecay is > 0 and <= 1, nameof(LayerwiseDecay), "more than 0, at most 1", LayerwiseDecay);
        Require(Dropout is null or (>= 0 and < 1), nameof(Dropout), "0 to below 1", Dropout);
        Require(CheckpointSteps >= 0, nameof(CheckpointSteps), "at least 0", CheckpointSteps);
        Require(CheckpointMinutes > 0, nameof(CheckpointMinutes), "more than 0", CheckpointMinutes);
        Require(ValidationSteps is null or > 0, nameof(ValidationSteps), "at least 1", ValidationSteps);
        Require(MicroBatchTokens is null or > 0, nameof(MicroBatchTokens), "at least 1", MicroBatchTokens);
        Require(Patience >= 0, nameof(Patience), "at least 0", Patience);
    }

    private static void Require(bool holds, string option, string expected, object? found)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(option, found, $"{option}: expected {expected}.");
        }
    }
}
