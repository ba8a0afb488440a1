namespace BertSharp;

/// <summary>
/// Rows of bytes of one size in native memory that grows by blocks: a row never moves, and nothing is copied. Rows of a block
/// lie end to end.
/// </summary>
internal sealed unsafe class RowMemory : IDisposable
{
    private const int BlockBytes = 8 << 20;

    private readonly List<AlignedBuffer> _blocks = [];
    private readonly int _rowsPerBlock;

    /// <summary>No rows yet.</summary>
    /// <param name="rowBytes">Bytes of a row.</param>
    public RowMemory(int rowBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rowBytes);
        RowBytes = rowBytes;
        _rowsPerBlock = Math.Max(1, BlockBytes / rowBytes);
    }

    /// <summary>Bytes of a row.</summary>
    public int RowBytes { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>The first byte of a row.</summary>
    public byte* Row(int row) => (byte*)_blocks[row / _rowsPerBlock].Pointer + ((nint)(row % _rowsPerBlock) * RowBytes);

    /// <summary>The bytes of a row, checked.</summary>
    public Span<byte> RowSpan(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        return new Span<byte>(Row(row), RowBytes);
    }

    /// <summary>How many rows from <paramref name="row"/> on lie end to end, at most <paramref name="wanted"/>.</summary>
    public int Contiguous(int row, int wanted) => Math.Min(wanted, _rowsPerBlock - (row % _rowsPerBlock));

    /// <summary>One more row, of zeros.</summary>
    public Span<byte> Append()
    {
        if (Count == _blocks.Count * (long)_rowsPerBlock)
        {
            _blocks.Add(new AlignedBuffer((((long)_rowsPerBlock * RowBytes) + sizeof(float) - 1) / sizeof(float)));
        }

        Span<byte> row = RowSpan(Count++);
        row.Clear();
        return row;
    }

    /// <summary>Keeps the memory alive until <see cref="Release"/>.</summary>
    /// <exception cref="ObjectDisposedException">It is freed already.</exception>
    public void Hold()
    {
        int held = 0;
        try
        {
            for (; held < _blocks.Count; held++)
            {
                bool done = false;
                _blocks[held].DangerousAddRef(ref done);
            }
        }
        catch
        {
            ReleaseFirst(held);
            throw;
        }
    }

    /// <summary>Ends what <see cref="Hold"/> began; the last one frees what was disposed of meanwhile.</summary>
    public void Release() => ReleaseFirst(_blocks.Count);

    /// <inheritdoc/>
    public void Dispose() => _blocks.ForEach(block => block.Dispose());

    private void ReleaseFirst(int blocks)
    {
        for (int i = 0; i < blocks; i++)
        {
            _blocks[i].DangerousRelease();
        }
    }
}
