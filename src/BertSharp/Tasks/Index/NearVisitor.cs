namespace BertSharp;

/// <summary>Keeps every row whose score is not below a threshold.</summary>
internal sealed class NearVisitor(float threshold) : ScoreVisitor
{
    private readonly List<List<SearchHit>> _near = [];
    private int _members;
    private int _queries;

    /// <inheritdoc/>
    public override void Start(int members, int queries)
    {
        _members = members;
        _queries = queries;
        while (_near.Count < members * queries)
        {
            _near.Add([]);
        }

        _near.ForEach(list => list.Clear());
    }

    /// <inheritdoc/>
    public override void Take(int member, int query, int firstRow, ReadOnlySpan<float> scores)
    {
        List<SearchHit> near = _near[(member * _queries) + query];
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] >= threshold)
            {
                near.Add(new SearchHit(firstRow + i, scores[i]));
            }
        }
    }

    /// <summary>How many rows are near to a query.</summary>
    public int Count(int query) => Enumerable.Range(0, _members).Sum(member => _near[(member * _queries) + query].Count);

    /// <summary>The rows that are near to a query, their positions ascending.</summary>
    public IEnumerable<SearchHit> Near(int query) => Enumerable.Range(0, _members).SelectMany(member => _near[(member * _queries) + query]);
}
