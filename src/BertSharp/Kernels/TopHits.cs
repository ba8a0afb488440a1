using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BertSharp;

/// <summary>
/// The best k of a stream of scores: a heap whose root is the worst of them. Greater scores first, of equal ones the lower
/// index; a NaN counts as −∞. The order is total, so the k best do not depend on the order in which they come.
/// </summary>
internal sealed class TopHits
{
    private SearchHit[] _heap = [];
    private int _capacity;
    private int _count;

    /// <summary>The hits; in order once <see cref="Sort"/> was called.</summary>
    public ReadOnlySpan<SearchHit> Hits => _heap.AsSpan(0, _count);

    /// <summary>Forgets all and keeps up to <paramref name="capacity"/> from now on.</summary>
    public void Reset(int capacity)
    {
        if (capacity > _heap.Length)
        {
            _heap = new SearchHit[capacity];
        }

        _capacity = capacity;
        _count = 0;
    }

    /// <summary>Adds the scores of consecutive items.</summary>
    public void Add(int first, ReadOnlySpan<float> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            if (_count == _capacity)
            {
                i = SkipWorse(scores, i);
                if (i == scores.Length)
                {
                    return;
                }
            }

            Add(new SearchHit(first + i, float.IsNaN(scores[i]) ? float.NegativeInfinity : scores[i]));
        }
    }

    /// <summary>Adds what others found.</summary>
    public void Add(ReadOnlySpan<SearchHit> hits)
    {
        foreach (SearchHit hit in hits)
        {
            Add(hit);
        }
    }

    /// <summary>Puts the best first; nothing may be added after.</summary>
    public void Sort()
    {
        for (int end = _count - 1; end > 0; end--)
        {
            (_heap[0], _heap[end]) = (_heap[end], _heap[0]);
            SiftDown(end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsBetter(SearchHit a, SearchHit b) => a.Score > b.Score || (a.Score == b.Score && a.Index < b.Index);

    /// <summary>The next score that a full heap may take, eight at a time; a NaN is none.</summary>
    private int SkipWorse(ReadOnlySpan<float> scores, int from)
    {
        float worst = _capacity == 0 ? float.NaN : _heap[0].Score;
        Vector256<float> worsts = Vector256.Create(worst);
        ref float values = ref MemoryMarshal.GetReference(scores);
        while (from <= scores.Length - Vector256<float>.Count && !Vector256.GreaterThanOrEqualAny(Vector256.LoadUnsafe(ref values, (nuint)from), worsts))
        {
            from += Vector256<float>.Count;
        }

        while (from < scores.Length && !(scores[from] >= worst))
        {
            from++;
        }

        return from;
    }

    private void Add(SearchHit hit)
    {
        if (_count == _capacity)
        {
            if (_count > 0 && IsBetter(hit, _heap[0]))
            {
                _heap[0] = hit;
                SiftDown(_count);
            }

            return;
        }

        int at = _count++;
        for (int parent = (at - 1) / 2; at > 0 && IsBetter(_heap[parent], hit); at = parent, parent = (at - 1) / 2)
        {
            _heap[at] = _heap[parent];
        }

        _heap[at] = hit;
    }

    private void SiftDown(int count)
    {
        SearchHit hit = _heap[0];
        int at = 0;
        for (int child = 1; child < count; child = (2 * at) + 1)
        {
            child += child + 1 < count && IsBetter(_heap[child], _heap[child + 1]) ? 1 : 0;
            if (IsBetter(_heap[child], hit))
            {
                break;
            }

            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = hit;
    }
}
