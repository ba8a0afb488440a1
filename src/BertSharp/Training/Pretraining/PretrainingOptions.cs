namespace BertSharp;

/// <summary>What a model is pretrained on, and how its examples are masked.</summary>
public sealed record PretrainingOptions
{
    /// <summary>Folders of example stores (<see cref="PretrainingExamples"/>), each with its weight: 60, 25 and 15 give 60 %, 25 % and 15 % of the examples.</summary>
    public required IReadOnlyList<KeyValuePair<string, int>> Data { get; init; }

    /// <summary>The same with longer examples, for the last <see cref="LongShare"/> of the steps; empty: none.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> LongData { get; init; } = [];

    /// <summary>The share of the steps, at the end, that take <see cref="LongData"/>; their batches have as many tokens as the others.</summary>
    public double LongShare { get; init; } = 0.1;

    /// <summary>A store of examples that are never trained on, by whose first 256 the model is validated; null: none.</summary>
    public string? HeldOut { get; init; }

    /// <summary>Examples of a step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>The share of tokens (words, with <see cref="WholeWord"/>) that is predicted.</summary>
    public double MaskedShare { get; init; } = 0.15;

    /// <summary>What <see cref="MaskedShare"/> falls to while the learning rate falls (<see cref="ScheduleKind.WarmupStableDecay"/>); null: it stays.</summary>
    public double? FinalMaskedShare { get; init; }

    /// <summary>Of the predicted, the share that becomes [MASK].</summary>
    public double MaskTokenShare { get; init; } = 0.8;

    /// <summary>Of the predicted, the share that becomes a random token; the rest stays as it is.</summary>
    public double RandomTokenShare { get; init; } = 0.1;

    /// <summary>Whether all pieces of a word are predicted together.</summary>
    public bool WholeWord { get; init; }

    /// <summary>Most predicted tokens of an example; null: no limit.</summary>
    public int? MaxPredictions { get; init; }

    /// <summary>Null: masks are drawn anew each time (Liu et al. 2019). Otherwise each example has so many, as Google's dupe_factor writes them out.</summary>
    public int? Duplicates { get; init; }
}
