namespace BertSharp;

/// <summary>What a model is fine-tuned for and on.</summary>
public sealed record FineTuningOptions
{
    /// <summary>The task.</summary>
    public required FineTuningTask Task { get; init; }

    /// <summary>The file of examples to learn from: .jsonl, .tsv or .csv (perhaps with .gz), CoNLL, or SQuAD's .json.</summary>
    public required string Data { get; init; }

    /// <summary>A file of other examples, by which the best model is chosen; null: the last one is taken.</summary>
    public string? Validation { get; init; }

    /// <summary>How both files are to be read.</summary>
    public DataOptions Format { get; init; } = new();

    /// <summary>The labels in the order of their ids; null: as they are first seen in <see cref="Data"/>.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Most tokens of a sequence, special ones included; null: the model's limit, of answers at most 384.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Tokens of a long context that two neighbouring windows share (answers); null: 128, or half of a shorter window.</summary>
    public int? DocStride { get; init; }

    /// <summary>Examples of an update; of answers, windows.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The figure that decides which model is best, such as accuracy, f1 or matthews; null: the task's own.</summary>
    public string? Metric { get; init; }

    /// <summary>
    /// Begin with random weights of the model's shape, drawn from the seed: what the same training learns without pretraining.
    /// </summary>
    public bool RandomWeights { get; init; }

    /// <summary>A low-rank adapter that is trained instead of the whole model; null: the whole model is.</summary>
    public LoraConfig? Lora { get; init; }
}
