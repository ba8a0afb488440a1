namespace BertSharp;

/// <summary>
/// One pass of a head over rows of an encoder's output, cut into chunks that bound the memory; all threads share each
/// operation. Objects are pooled with their memory, so a warm pass allocates nothing.
/// </summary>
internal sealed class HeadPass : TeamJob
{
    /// <summary>Rows of one chunk.</summary>
    private const int ChunkRows = 4096;

    private static readonly Pool<HeadPass> Idle = new();

    private readonly Arena _arena = new(0);
    private int[] _rows = [];
    private PredictionHead _head = null!;
    private PinnedRows _states = null!;
    private PinnedRows _logits = null!;
    private Matrix _input;
    private Matrix _inner;
    private int _first;

    /// <summary>Computes logits of rows of hidden states.</summary>
    /// <param name="head">The head's layers.</param>
    /// <param name="parameters">Their weights, held while the pass runs.</param>
    /// <param name="states">[T, H] hidden states, or [B, H] pooled outputs.</param>
    /// <param name="rows">Which rows; empty for all.</param>
    /// <param name="logits">Receives [rows, outputs].</param>
    /// <param name="cancellation">Checked between chunks.</param>
    public static void Run(PredictionHead head, ModelParameters parameters, PinnedRows states, ReadOnlySpan<int> rows, PinnedRows logits, CancellationToken cancellation)
    {
        HeadPass pass = Idle.Take();
        int threads = WorkerPool.Shared.Rent(WorkerPool.Shared.Threads);
        bool held = false;
        try
        {
            parameters.Hold(ref held);
            (pass._head, pass._states, pass._logits) = (head, states, logits);
            pass.Choose(rows.IsEmpty ? states.Rows : rows.Length, rows);
            pass.RunChunks(threads, cancellation);
        }
        finally
        {
            if (held)
            {
                parameters.Release();
            }

            WorkerPool.Shared.Return(threads);
            (pass._head, pass._states, pass._logits) = (null!, null!, null!);
            Idle.Give(pass);
        }
    }

    /// <inheritdoc/>
    public override void Run(Team team)
    {
        (int first, int count) = team.Share(_input.Rows);
        for (int row = first; row < first + count; row++)
        {
            _states.Matrix.RowSpan(_rows[_first + row]).CopyTo(_input.RowSpan(row));
        }

        team.Meet();
        _head.Forward(new HeadActivations(_input, default, _inner, _inner, _logits.Matrix.Slice(_first, _input.Rows)), team);
    }

    /// <summary>Keeps the numbers of the rows, since a span cannot be kept, and makes room for their logits.</summary>
    private void Choose(int count, ReadOnlySpan<int> rows)
    {
        if (_rows.Length < count)
        {
            _rows = new int[count];
        }

        for (int i = 0; i < count; i++)
        {
            _rows[i] = rows.IsEmpty ? i : rows[i];
        }

        _logits.Resize(count, _head.Outputs);
    }

    private void RunChunks(int threads, CancellationToken cancellation)
    {
        for (_first = 0; _first < _logits.Rows; _first += ChunkRows)
        {
            cancellation.ThrowIfCancellationRequested();
            int rows = Math.Min(ChunkRows, _logits.Rows - _first);
            _arena.Reset(2 * Arena.MatrixSize(rows, _states.Columns));
            _input = _arena.TakeMatrix(rows, _states.Columns);
            _inner = _arena.TakeMatrix(rows, _states.Columns);
            WorkerPool.Shared.Run(this, threads);
        }
    }
}
