namespace BertSharp;

/// <summary>
/// Finds the texts of an index that say the same: each is compared with all others, block by block, as sentence-transformers'
/// <c>paraphrase_mining</c>. Of a binary index the bytes are compared.
/// </summary>
public static class ParaphraseMining
{
    /// <summary>The pairs that are most alike.</summary>
    /// <param name="index">The texts.</param>
    /// <param name="options">How many pairs.</param>
    /// <param name="progress">Receives the number of texts that were compared with all.</param>
    /// <param name="cancellation">Checked between pieces of the index.</param>
    /// <returns>Each pair once, the best first; of equal scores that with the lower positions.</returns>
    /// <exception cref="ArgumentException">An option is less than 1.</exception>
    public static IReadOnlyList<ParaphrasePair> Mine(SemanticIndex index, ParaphraseOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new ParaphraseOptions();
        if (options.TopK < 1 || options.MaxPairs < 1)
        {
            throw new ArgumentException($"TopK is {options.TopK}, MaxPairs {options.MaxPairs}; expected at least 1.", nameof(options));
        }

        // A text is the nearest to itself.
        int wanted = options.TopK == int.MaxValue ? int.MaxValue : options.TopK + 1;
        BestPairs pairs = new(options.MaxPairs);
        SearchPass pass = SearchPass.Idle.Take();
        try
        {
            for (int first = 0; first < index.Count;)
            {
                int count = Math.Min(RowScan.MaxQueries, index.Count - first);
                Span<float> queries = pass.Queries(count, index.Dimension);
                for (int i = 0; i < count; i++)
                {
                    index.CopyVector(first + i, queries.Slice(i * index.Dimension, index.Dimension));
                }

                pass.Run(index.Rows.Precise, queries, wanted, cancellation);
                for (int i = 0; i < count; i++)
                {
                    Add(pairs, first + i, pass.Finish(i));
                }

                first += count;
                progress?.Report(first);
            }
        }
        finally
        {
            SearchPass.Idle.Give(pass);
        }

        return pairs.Finish();
    }

    private static void Add(BestPairs pairs, int text, ReadOnlySpan<SearchHit> nearest)
    {
        foreach (SearchHit hit in nearest)
        {
            if (hit.Index != text)
            {
                pairs.Add(text, hit.Index, hit.Score);
            }
        }
    }
}
