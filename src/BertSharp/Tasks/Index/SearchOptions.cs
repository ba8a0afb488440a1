namespace BertSharp;

/// <summary>How an index is searched.</summary>
public sealed record SearchOptions
{
    private static readonly SearchOptions Default = new();

    /// <summary>Results a query; fewer where the index has fewer.</summary>
    public int TopK { get; init; } = 10;

    /// <summary>
    /// Of a binary index: how many times <see cref="TopK"/> candidates are chosen by their bits, to be ordered by their bytes.
    /// </summary>
    public int Oversampling { get; init; } = 4;

    /// <summary>
    /// A text to put before each query; null: the model's prompt <c>query</c> where it has one, else its default (as
    /// sentence-transformers' <c>encode_query</c>).
    /// </summary>
    public string? Prompt { get; init; }

    /// <summary>The options, once they are known to make sense.</summary>
    internal static SearchOptions Check(SearchOptions? options)
    {
        options ??= Default;
        return options.TopK < 1 ? throw new ArgumentException($"TopK is {options.TopK}; expected at least 1.", nameof(options))
            : options.Oversampling < 1 ? throw new ArgumentException($"Oversampling is {options.Oversampling}; expected at least 1.", nameof(options))
            : options;
    }
}
