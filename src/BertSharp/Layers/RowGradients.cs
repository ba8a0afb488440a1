namespace BertSharp;

/// <summary>
/// Sums of gradients for the rows of a table that a step looks up. A tied table receives the decoder's gradient first, then
/// these, whatever micro-batches the step is cut into; so they wait here, one chain for each row, until the step's end.
/// </summary>
/// <param name="rows">Rows of the table.</param>
/// <param name="columns">Values of a row.</param>
internal sealed unsafe class RowGradients(int rows, int columns) : IDisposable
{
    private readonly int[] _place = new int[rows];
    private readonly List<int> _rows = [];
    private AlignedBuffer _sums = new(0);

    /// <summary>Forgets all sums.</summary>
    public void Clear()
    {
        foreach (int row in _rows)
        {
            _place[row] = 0;
        }

        _rows.Clear();
    }

    /// <summary>Makes room for rows; for one thread, before others add to them.</summary>
    public void Prepare(ReadOnlySpan<int> wanted)
    {
        int first = _rows.Count;
        foreach (int row in wanted)
        {
            if (_place[row] == 0)
            {
                _rows.Add(row);
                _place[row] = _rows.Count;
            }
        }

        if ((long)_rows.Count * columns > _sums.Length)
        {
            AlignedBuffer larger = new(2L * _rows.Count * columns);
            new ReadOnlySpan<float>(_sums.Pointer, checked(first * columns)).CopyTo(new Span<float>(larger.Pointer, checked(first * columns)));
            _sums.Dispose();
            _sums = larger;
        }

        new Span<float>(_sums.Pointer + ((long)first * columns), checked((_rows.Count - first) * columns)).Clear();
    }

    /// <summary>The sum of a row that was prepared.</summary>
    public Span<float> Sum(int row) => new(_sums.Pointer + ((_place[row] - 1L) * columns), columns);

    /// <summary>Adds the sums to the table's gradient.</summary>
    public void AddTo(Matrix gradient)
    {
        foreach (int row in _rows)
        {
            Arithmetic.Add(gradient.RowSpan(row), Sum(row));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sums.Dispose();
}
