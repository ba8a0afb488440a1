namespace BertSharp;

/// <summary>Keeps the best of each query: one heap a member, put together at the end.</summary>
internal sealed class TopVisitor : ScoreVisitor
{
    private readonly List<TopHits> _heaps = [];
    private int _members;
    private int _queries;

    /// <summary>How many are kept.</summary>
    public int Capacity { get; set; }

    /// <inheritdoc/>
    public override void Start(int members, int queries)
    {
        _members = members;
        _queries = queries;
        while (_heaps.Count < members * queries)
        {
            _heaps.Add(new TopHits());
        }

        for (int i = 0; i < members * queries; i++)
        {
            _heaps[i].Reset(Capacity);
        }
    }

    /// <inheritdoc/>
    public override void Take(int member, int query, int firstRow, ReadOnlySpan<float> scores) =>
        _heaps[(member * _queries) + query].Add(firstRow, scores);

    /// <summary>The best of a query, the best first.</summary>
    public ReadOnlySpan<SearchHit> Finish(int query)
    {
        TopHits all = _heaps[query];
        for (int member = 1; member < _members; member++)
        {
            all.Add(_heaps[(member * _queries) + query].Hits);
        }

        all.Sort();
        return all.Hits;
    }
}
