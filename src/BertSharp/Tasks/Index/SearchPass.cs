namespace BertSharp;

/// <summary>The memory of one search, pooled: the best rows for each of a block of queries, ordered anew where rows have a second precision.</summary>
internal sealed unsafe class SearchPass
{
    /// <summary>Passes that wait for their next search.</summary>
    public static readonly Pool<SearchPass> Idle = new();

    private readonly RowScan _scan = new();
    private readonly TopVisitor _top = new();
    private readonly TopHits _rescored = new();
    private readonly Arena _memory = new(1);
    private float[] _queries = [];

    /// <summary>The queries of a block [Q, dimension], where the caller puts them together.</summary>
    public Span<float> Queries(int count, int dimension)
    {
        int length = checked(count * dimension);
        if (length > _queries.Length)
        {
            _queries = new float[length];
        }

        return _queries.AsSpan(0, length);
    }

    /// <summary>Finds the best <paramref name="topK"/> rows for each query; <see cref="Finish"/> gives them.</summary>
    public void Run(VectorRows rows, ReadOnlySpan<float> queries, int topK, CancellationToken cancellation)
    {
        _top.Capacity = Math.Min(topK, rows.Count);
        _scan.Run(rows, queries, _top, cancellation);
    }

    /// <summary>The best rows of a query, the best first.</summary>
    public ReadOnlySpan<SearchHit> Finish(int query) => _top.Finish(query);

    /// <summary>The best rows of a query, scored again by the same rows in another precision.</summary>
    public ReadOnlySpan<SearchHit> Rescore(int index, VectorRows precise, ReadOnlySpan<float> query, int topK)
    {
        ReadOnlySpan<SearchHit> candidates = _top.Finish(index);
        _rescored.Reset(Math.Min(topK, candidates.Length));
        Score(precise, query, candidates, _rescored);
        _rescored.Sort();
        return _rescored.Hits;
    }

    /// <summary>The score of one row.</summary>
    public float Score(VectorRows rows, ReadOnlySpan<float> query, int row)
    {
        _rescored.Reset(1);
        Score(rows, query, [new SearchHit(row, 0)], _rescored);
        return _rescored.Hits[0].Score;
    }

    private void Score(VectorRows rows, ReadOnlySpan<float> query, ReadOnlySpan<SearchHit> candidates, TopHits best)
    {
        rows.Hold();
        try
        {
            long queryLength = (rows.QueryBytes / sizeof(float)) + 1;
            _memory.Reset(Arena.VectorSize(queryLength) + Arena.VectorSize(rows.ScratchLength));
            byte* prepared = (byte*)_memory.Take(queryLength);
            float* scratch = _memory.Take(rows.ScratchLength);
            rows.Prepare(query, prepared);
            foreach (SearchHit candidate in candidates)
            {
                float score;
                rows.Score(candidate.Index, prepared, new Matrix((nint)(&score), 1, 1, 1), scratch);
                best.Add(candidate.Index, new ReadOnlySpan<float>(&score, 1));
            }
        }
        finally
        {
            rows.Release();
        }
    }
}
