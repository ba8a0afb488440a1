namespace BertSharp;

/// <summary>
/// Where the queries, and where the keys and values of each sequence lie in packed matrices. Every token has a query, but in a
/// last layer of which only the first tokens are wanted.
/// </summary>
/// <param name="queries">[B + 1]: sequence i has the query rows queries[i] … queries[i + 1] − 1.</param>
/// <param name="keys">[B + 1]: sequence i has the key and value rows keys[i] … keys[i + 1] − 1.</param>
/// <param name="attended">[B]: how many of a sequence's keys, from the first, are attended to: all but padding.</param>
/// <param name="probabilities">[B]: where the probabilities [N, S, S] of a sequence begin; not read where none are kept.</param>
internal readonly ref struct AttentionRows(ReadOnlySpan<int> queries, ReadOnlySpan<int> keys, ReadOnlySpan<int> attended, ReadOnlySpan<long> probabilities)
{
    /// <summary>[B + 1].</summary>
    public ReadOnlySpan<int> Queries { get; } = queries;

    /// <summary>[B + 1].</summary>
    public ReadOnlySpan<int> Keys { get; } = keys;

    /// <summary>[B].</summary>
    public ReadOnlySpan<int> Attended { get; } = attended;

    /// <summary>[B].</summary>
    public ReadOnlySpan<long> Probabilities { get; } = probabilities;

    /// <summary>Number B of sequences.</summary>
    public int Count => Attended.Length;

    /// <summary>Whether every token has a query.</summary>
    public bool HasAllQueries => Queries[^1] == Keys[^1];
}
