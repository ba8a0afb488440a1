namespace BertSharp;

/// <summary>How <see cref="TokenClassifier"/> reads texts and joins tokens.</summary>
public sealed record FindOptions
{
    /// <summary>The options where none are given.</summary>
    public static FindOptions Default { get; } = new();

    /// <summary>How tokens become entities: by default a word has the label of its first token, as models are trained.</summary>
    public Aggregation Aggregation { get; init; } = Aggregation.First;

    /// <summary>Longest input of the model in tokens, special ones included, and never beyond its positions; null: the tokenizer's limit.</summary>
    public int? MaxLength { get; init; }

    /// <summary>
    /// Where set, a text longer than <see cref="MaxLength"/> is read in windows that share this many tokens, and of entities
    /// that overlap the longest is kept (of equals the surest). Null: the rest of the text is cut off.
    /// </summary>
    public int? Stride { get; init; }

    /// <summary>Labels that are no entities.</summary>
    public IReadOnlyList<string> IgnoreLabels { get; init; } = ["O"];
}
