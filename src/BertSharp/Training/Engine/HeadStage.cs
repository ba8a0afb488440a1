namespace BertSharp;

/// <summary>
/// A head with its loss. Rows are gathered before the head, since the logits of a vocabulary cost more than a layer, and run
/// in chunks that bound the memory.
/// </summary>
/// <param name="pooler">tanh(dense(x)) before the head; null for none.</param>
/// <param name="head">The head's layers.</param>
/// <param name="loss">The loss of its logits.</param>
/// <param name="hidden">H.</param>
internal sealed class HeadStage(Linear? pooler, PredictionHead head, HeadLoss loss, int hidden) : TrainingStage
{
    /// <summary>The logits of a chunk take at most this many float32 values (64 MiB).</summary>
    private const int LogitValues = 16 << 20;

    private readonly Arena _arena = new(0);
    private readonly List<int> _rows = [];
    private readonly List<Dropout?> _dropouts = [];
    private int _groupSize = 1;
    private double[] _losses = [];
    private MicroBatch _part = null!;
    private int _chunk;
    private Chunk _matrices;

    /// <inheritdoc/>
    public override string Name => loss.Name;

    /// <inheritdoc/>
    public override int GroupSize => _groupSize;

    /// <inheritdoc/>
    public override void Begin(StepLabels labels, PackedTokens step)
    {
        loss.Begin(labels, step, head.Outputs);
        _groupSize = labels.Choices;
        Loss = 0;
    }

    /// <inheritdoc/>
    public override void Prepare(MicroBatch part, Dropout? dropout)
    {
        _part = part;
        _rows.Clear();
        loss.AddRows(part, _rows);
        _chunk = loss.RowsAreIndependent ? Math.Clamp(LogitValues / head.Outputs, 1, Math.Max(1, _rows.Count)) : Math.Max(1, _rows.Count);
        _losses = _losses.Length < _chunk ? new double[_chunk] : _losses;
        _dropouts.Clear();
        for (int first = 0; first < _rows.Count; first += _chunk)
        {
            _dropouts.Add(dropout?.ForRows(Rows(first)));
        }

        long transposed = Math.Max(Panels.Size(hidden, hidden), head.HasPackedOutput ? Panels.Size(head.Outputs, hidden) : 0);
        _arena.Reset(Chunk.Size(_chunk, hidden, head.Outputs, pooler is not null) + transposed);
        _matrices = Chunk.Take(_arena, _chunk, hidden, head.Outputs, pooler is not null, transposed);
    }

    /// <inheritdoc/>
    public override void Run(Matrix hidden, Matrix dHidden, Team team)
    {
        for (int first = 0; first < _rows.Count; first += _chunk)
        {
            RunChunk(Rows(first), _matrices.Slice(Rows(first).Length), _dropouts[first / _chunk], hidden, dHidden, team);
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _arena.Dispose();

    private ReadOnlySpan<int> Rows(int first) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rows).Slice(first, Math.Min(_chunk, _rows.Count - first));

    private void RunChunk(ReadOnlySpan<int> rows, in Chunk c, Dropout? dropout, Matrix hidden, Matrix dHidden, Team team)
    {
        // 1: gather
        (int first, int count) = team.Share(rows.Length);
        for (int i = first; i < first + count; i++)
        {
            hidden.RowSpan(rows[i]).CopyTo(c.Gathered.RowSpan(i));
        }

        team.Meet();

        // 2: pooler
        if (pooler is not null)
        {
            pooler.Forward(c.Gathered, c.Pooled, new GemmEpilogue(Activation.Tanh, Kept: c.BeforePooled), team, dropout);
            team.Meet();
        }

        // 3: head, 4: loss
        bool changes = head.HasLayerNorm || dropout is { Probabilities.HeadInner: > 0 };
        HeadActivations a = new(c.Pooled, c.Kept, c.Inner, changes ? c.Normed : c.Inner, c.Logits, c.Statistics, dropout);
        head.Forward(a, team);
        team.Meet();
        loss.Run(c.Logits, rows, _part, _losses.AsSpan(0, rows.Length), team);
        team.Meet();
        for (int i = 0; team.Index == 0 && i < rows.Length; i++)
        {
            Loss += _losses[i];
        }

        // 3
        head.Backward(a, new HeadGradients(c.DPooled, c.DInner, c.Logits, c.Transposed), team);

        // 2
        if (pooler is not null)
        {
            for (int i = first; i < first + count; i++)
            {
                Elementwise.MultiplyBySlope(Activation.Tanh, c.DPooled.RowSpan(i), c.BeforePooled.RowSpan(i));
            }

            team.Meet();
            pooler.Backward(c.Gathered, c.DPooled, c.DGathered, GemmEpilogue.None, c.Transposed, team, dropout);
        }

        // 1: scatter
        for (int i = first; i < first + count; i++)
        {
            Arithmetic.Add(dHidden.RowSpan(rows[i]), c.DGathered.RowSpan(i));
        }

        team.Meet();
    }

    /// <summary>The matrices of a chunk of R rows, all [R, H] but the logits.</summary>
    private readonly record struct Chunk(
        Matrix Gathered, Matrix BeforePooled, Matrix Pooled, Matrix Kept, Matrix Inner, Matrix Normed, Matrix Logits, RowStatistics Statistics, Matrix DPooled, Matrix DInner, Matrix DGathered, nint Transposed)
    {
        public static long Size(int rows, int hidden, int outputs, bool pooled) => checked(
            ((pooled ? 9 : 6) * Arena.MatrixSize(rows, hidden)) + Arena.MatrixSize(rows, outputs) + RowStatistics.Size(rows));

        public static unsafe Chunk Take(Arena arena, int rows, int hidden, int outputs, bool pooled, long transposed)
        {
            Matrix gathered = arena.TakeMatrix(rows, hidden), dGathered = arena.TakeMatrix(rows, hidden);
            return new Chunk(
                gathered,
                pooled ? arena.TakeMatrix(rows, hidden) : default,
                pooled ? arena.TakeMatrix(rows, hidden) : gathered,
                arena.TakeMatrix(rows, hidden),
                arena.TakeMatrix(rows, hidden),
                arena.TakeMatrix(rows, hidden),
                arena.TakeMatrix(rows, outputs),
                RowStatistics.Take(arena, rows),
                pooled ? arena.TakeMatrix(rows, hidden) : dGathered,
                arena.TakeMatrix(rows, hidden),
                dGathered,
                (nint)arena.Take(transposed));
        }

        public Chunk Slice(int rows) => this with
        {
            Gathered = Gathered.Slice(0, rows),
            BeforePooled = BeforePooled.Data == 0 ? BeforePooled : BeforePooled.Slice(0, rows),
            Pooled = Pooled.Slice(0, rows),
            Kept = Kept.Slice(0, rows),
            Inner = Inner.Slice(0, rows),
            Normed = Normed.Slice(0, rows),
            Logits = Logits.Slice(0, rows),
            DPooled = DPooled.Slice(0, rows),
            DInner = DInner.Slice(0, rows),
            DGathered = DGathered.Slice(0, rows),
        };
    }
}
