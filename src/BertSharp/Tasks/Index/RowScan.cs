namespace BertSharp;

/// <summary>
/// Streams the rows of an index once past a block of queries, on all cores: each member of the team takes a contiguous share
/// and walks it in pieces that stay in cache. Its memory is pooled; a warm scan allocates nothing.
/// </summary>
internal sealed unsafe class RowScan : TeamJob
{
    /// <summary>Queries of one scan at most.</summary>
    public const int MaxQueries = 16;

    // A piece of rows and its scores fit a core's L1 or L2 cache.
    private const int PieceBytes = 64 << 10;
    private const int MaxPieceRows = 1024;

    // Less work than this for each thread is not worth waking it.
    private const long BytesPerThread = 256 << 10;

    private readonly Arena _memory = new(1);
    private VectorRows? _rows;
    private ScoreVisitor? _visitor;
    private CancellationToken _cancellation;
    private byte* _queries;
    private float* _work;
    private long _workLength;
    private int _queryCount;
    private int _pieceRows;

    /// <summary>Hands the scores of all rows for each of the queries to a visitor.</summary>
    /// <param name="rows">The rows; held until the end.</param>
    /// <param name="queries">[1 … MaxQueries, dimension].</param>
    /// <param name="visitor">Takes the scores.</param>
    /// <param name="cancellation">Checked between pieces.</param>
    public void Run(VectorRows rows, ReadOnlySpan<float> queries, ScoreVisitor visitor, CancellationToken cancellation)
    {
        _queryCount = queries.Length / rows.Dimension;
        rows.Hold();
        int threads = WorkerPool.Shared.Rent((int)Math.Min(1 + ((long)rows.Count * rows.RowBytes * _queryCount / BytesPerThread), WorkerPool.Shared.Threads));
        try
        {
            Prepare(rows, queries, threads);
            visitor.Start(threads, _queryCount);
            (_rows, _visitor, _cancellation) = (rows, visitor, cancellation);
            WorkerPool.Shared.Run(this, threads);
        }
        finally
        {
            (_rows, _visitor, _cancellation) = (null, null, default);
            WorkerPool.Shared.Return(threads);
            rows.Release();
        }
    }

    /// <inheritdoc/>
    public override void Run(Team team)
    {
        (int row, int count) = team.Share(_rows!.Count);
        float* work = _work + (team.Index * _workLength);
        for (int end = row + count; row < end;)
        {
            _cancellation.ThrowIfCancellationRequested();
            int piece = _rows.Contiguous(row, Math.Min(_pieceRows, end - row));
            Matrix scores = new((nint)work, _queryCount, piece, piece);
            _rows.Score(row, _queries, scores, work + (_queryCount * _pieceRows));
            for (int q = 0; q < _queryCount; q++)
            {
                _visitor!.Take(team.Index, q, row, scores.RowSpan(q));
            }

            row += piece;
        }
    }

    private void Prepare(VectorRows rows, ReadOnlySpan<float> queries, int threads)
    {
        _pieceRows = Math.Clamp(PieceBytes / rows.RowBytes, 1, MaxPieceRows);
        _workLength = Arena.VectorSize(((long)_queryCount * _pieceRows) + rows.ScratchLength);
        long queryLength = Arena.VectorSize(((long)_queryCount * rows.QueryBytes / sizeof(float)) + 1);
        _memory.Reset(queryLength + (threads * _workLength));
        _queries = (byte*)_memory.Take(queryLength);
        _work = _memory.Take(threads * _workLength);
        for (int q = 0; q < _queryCount; q++)
        {
            rows.Prepare(queries.Slice(q * rows.Dimension, rows.Dimension), _queries + ((nint)q * rows.QueryBytes));
        }
    }
}
