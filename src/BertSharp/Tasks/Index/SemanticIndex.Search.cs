namespace BertSharp;

/// <content>Searching.</content>
public sealed partial class SemanticIndex
{
    /// <summary>Finds the texts that are most alike to a query.</summary>
    /// <param name="embedder">The model that the index was built with.</param>
    /// <param name="query">The query.</param>
    /// <param name="options">How many, and the prompt.</param>
    /// <returns>The best first; of equal ones that with the lower position.</returns>
    /// <exception cref="ArgumentException">The model's vectors have another length than those of the index.</exception>
    public IReadOnlyList<SearchResult> Search(SentenceEmbedder embedder, string query, SearchOptions? options = null) =>
        Search(embedder, [query], options)[0];

    /// <summary>The same for many queries, which share each reading of the vectors.</summary>
    /// <param name="embedder">The model that the index was built with.</param>
    /// <param name="queries">The queries.</param>
    /// <param name="options">How many results for each, and the prompt.</param>
    /// <param name="progress">Receives the number of queries done.</param>
    /// <param name="cancellation">Checked between batches, layers and pieces of the index.</param>
    /// <returns>The results of each query, in their order.</returns>
    public IReadOnlyList<IReadOnlyList<SearchResult>> Search(SentenceEmbedder embedder, IReadOnlyList<string> queries, SearchOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        if (embedder.Dimension != Dimension)
        {
            throw new ArgumentException($"The index has vectors of {Dimension} values{(Model is null ? "" : $", of the model '{Model}'")}; this model makes {embedder.Dimension}. Search with the model that the index was built with.", nameof(embedder));
        }

        SearchOptions known = SearchOptions.Check(options);
        string? name = embedder.Config.Prompts.ContainsKey("query") ? "query" : null;
        float[][] vectors = embedder.Embed(queries, new EmbedOptions { Prompt = known.Prompt, PromptName = name }, null, cancellation);
        return Search(vectors, known, progress, cancellation);
    }

    /// <summary>Finds the texts whose vectors are most alike to one that was computed elsewhere.</summary>
    /// <param name="query">[<see cref="Dimension"/>].</param>
    /// <param name="options">How many.</param>
    /// <returns>The best first; of equal ones that with the lower position.</returns>
    /// <exception cref="ArgumentException">The query has another length, or a value that is not finite.</exception>
    public IReadOnlyList<SearchResult> Search(ReadOnlySpan<float> query, SearchOptions? options = null)
    {
        SearchHit[] hits = new SearchHit[Math.Min(SearchOptions.Check(options).TopK, Count)];
        return Results(hits.AsSpan(0, Search(query, hits, options)));
    }

    /// <summary>The same for many vectors [<see cref="Dimension"/>].</summary>
    public IReadOnlyList<IReadOnlyList<SearchResult>> Search(IReadOnlyList<float[]> queries, SearchOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        SearchOptions known = SearchOptions.Check(options);
        IReadOnlyList<SearchResult>[] results = new IReadOnlyList<SearchResult>[queries.Count];
        SearchPass pass = SearchPass.Idle.Take();
        try
        {
            for (int first = 0; first < results.Length;)
            {
                int count = Math.Min(RowScan.MaxQueries, results.Length - first);
                Span<float> block = pass.Queries(count, Dimension);
                for (int i = 0; i < count; i++)
                {
                    Normalized(queries[first + i], Similarity, block.Slice(i * Dimension, Dimension), $"Query {first + i}");
                }

                Run(pass, block, known.TopK, known.Oversampling, cancellation);
                for (int i = 0; i < count; i++)
                {
                    results[first + i] = Results(Finish(pass, i, block.Slice(i * Dimension, Dimension), known.TopK));
                }

                first += count;
                progress?.Report(first);
            }
        }
        finally
        {
            SearchPass.Idle.Give(pass);
        }

        return results;
    }

    /// <summary>The same into the caller's memory: once warm, it allocates nothing.</summary>
    /// <param name="query">[<see cref="Dimension"/>].</param>
    /// <param name="hits">Positions and scores, the best first; its length wins over the options' TopK.</param>
    /// <param name="options">Oversampling.</param>
    /// <returns>How many were found: the length of <paramref name="hits"/>, or all texts of the index.</returns>
    public int Search(ReadOnlySpan<float> query, Span<SearchHit> hits, SearchOptions? options = null)
    {
        int oversampling = SearchOptions.Check(options).Oversampling;
        SearchPass pass = SearchPass.Idle.Take();
        try
        {
            Span<float> block = pass.Queries(1, Dimension);
            Normalized(query, Similarity, block, "The query");
            Run(pass, block, hits.Length, oversampling, CancellationToken.None);
            ReadOnlySpan<SearchHit> found = Finish(pass, 0, block, hits.Length);
            found.CopyTo(hits);
            return found.Length;
        }
        finally
        {
            SearchPass.Idle.Give(pass);
        }
    }

    private void Run(SearchPass pass, ReadOnlySpan<float> queries, int topK, int oversampling, CancellationToken cancellation)
    {
        long candidates = Precision == IndexPrecision.Binary ? (long)topK * oversampling : topK;
        pass.Run(_rows.Scanned, queries, (int)Math.Min(candidates, Count), cancellation);
    }

    private ReadOnlySpan<SearchHit> Finish(SearchPass pass, int index, ReadOnlySpan<float> query, int topK) =>
        Precision == IndexPrecision.Binary ? pass.Rescore(index, _rows.Precise, query, topK) : pass.Finish(index);

    private SearchResult[] Results(ReadOnlySpan<SearchHit> hits)
    {
        SearchResult[] results = new SearchResult[hits.Length];
        for (int i = 0; i < hits.Length; i++)
        {
            results[i] = new SearchResult(_ids[hits[i].Index], _texts[hits[i].Index], hits[i].Score);
        }

        return results;
    }
}
