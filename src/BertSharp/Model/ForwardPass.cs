using System.Diagnostics;

namespace BertSharp;

/// <summary>
/// One forward pass over a batch, cut at sequence boundaries. Where it balances, whole sequences are dealt to threads, each of
/// which runs its share alone, part by part, so that they meet only at the end; otherwise all threads share each operation of
/// each part. Objects are pooled with their memory, so a warm pass allocates nothing.
/// </summary>
internal sealed unsafe class ForwardPass : TeamJob
{
    /// <summary>
    /// Sequences are dealt from windows of this many parts a thread: the more, the better they balance and the less often threads
    /// meet, and the later a first result is complete.
    /// </summary>
    internal const int PartsOfWindow = 16;

    private static readonly Pool<ForwardPass> Idle = new();

    private SequenceShare[] _shares = [];
    private PassPart[] _parts = [];
    private int[] _window = [];
    private int[] _lengths = [];
    private Encoder _encoder = null!;
    private PackedTokens _batch;
    private BertOutput _output = null!;
    private OperationClock? _clock;
    private IProgress<int>? _progress;
    private CancellationToken _cancellation;
    private int _budget;
    private int _done;
    private int _reported;
    private bool _alone;

    /// <summary>Runs the encoder over a batch that was checked, into an output of its size.</summary>
    public static void Run(Encoder encoder, PackedTokens batch, BertOutput output, OperationClock? clock, IProgress<int>? progress, CancellationToken cancellation)
    {
        long start = clock is null ? 0 : Stopwatch.GetTimestamp();
        ForwardPass pass = Idle.Take();
        int threads = WorkerPool.Shared.Rent(WorkerPool.Shared.Threads);
        bool held = false;
        try
        {
            encoder.Parameters.Hold(ref held);
            (pass._encoder, pass._batch, pass._output) = (encoder, batch, output);
            (pass._clock, pass._progress, pass._cancellation) = (clock, progress, cancellation);
            pass.RunWindows(threads);
            clock?.AddPass(start, threads);
        }
        finally
        {
            if (held)
            {
                encoder.Parameters.Release();
            }

            WorkerPool.Shared.Return(threads);
            (pass._encoder, pass._batch, pass._output, pass._clock, pass._progress) = (null!, default, null!, null, null);
            Idle.Give(pass);
        }
    }

    /// <inheritdoc/>
    public override void Run(Team team)
    {
        OperationLaps? laps = _clock is null ? null : new OperationLaps();
        if (_alone)
        {
            RunShare(team.Index, laps);
        }
        else
        {
            RunPart(_parts[0], team with { Laps = laps });
        }

        if (laps is not null)
        {
            _clock!.Add(laps);
        }
    }

    private void RunWindows(int threads)
    {
        (_done, _reported) = (0, 0);
        for (int i = _parts.Length; i < threads; i++)
        {
            Array.Resize(ref _parts, i + 1);
            Array.Resize(ref _shares, i + 1);
            (_parts[i], _shares[i]) = (new PassPart(), new SequenceShare());
        }

        _budget = PassPart.Budget(_encoder.Config, threads);
        for (int next = 0; next < _batch.Count;)
        {
            int count = Window(next, threads);
            _alone = SequenceDealing.Deal(_window.AsSpan(0, count), _lengths, _batch, _shares.AsSpan(0, threads));
            if (_alone)
            {
                WorkerPool.Shared.Run(this, threads);
                Report();
            }
            else
            {
                RunTogether(threads);
            }

            next += count;
        }
    }

    /// <summary>Puts the numbers of the next sequences into the window and returns how many there are.</summary>
    private int Window(int first, int threads)
    {
        long room = (long)PartsOfWindow * threads * _budget;
        int next = first;
        for (; next < _batch.Count && (next == first || _batch.Length(next) <= room); next++)
        {
            room -= _batch.Length(next);
        }

        if (next - first > _window.Length)
        {
            (_window, _lengths) = (new int[next - first], new int[next - first]);
        }

        for (int i = first; i < next; i++)
        {
            _window[i - first] = i;
        }

        return next - first;
    }

    /// <summary>One thread's share, part by part, each in the same memory.</summary>
    private void RunShare(int index, OperationLaps? laps)
    {
        PassPart part = _parts[index];
        for (int next = 0; next < _shares[index].Count;)
        {
            next = part.Take(_shares[index], next, _batch, _encoder.Config, _output.AttentionOffsets, _budget, members: 1);
            RunPart(part, Team.Alone with { Laps = laps });
            Interlocked.Add(ref _done, part.Count);
            if (index == 0)
            {
                Report();
            }
        }
    }

    /// <summary>All threads share each operation of each part.</summary>
    private void RunTogether(int threads)
    {
        for (int next = 0; next < _shares[0].Count;)
        {
            next = _parts[0].Take(_shares[0], next, _batch, _encoder.Config, _output.AttentionOffsets, _budget * threads, threads);
            WorkerPool.Shared.Run(this, threads);
            _done += _parts[0].Count;
            Report();
        }
    }

    /// <summary>Tells the caller, on its own thread, how many sequences are done, where more are than when it was last told.</summary>
    private void Report()
    {
        int done = Volatile.Read(ref _done);
        if (done > _reported)
        {
            _reported = done;
            _progress?.Report(done);
        }
    }

    private void RunPart(PassPart part, Team team)
    {
        Activations a = part.Activations;
        _encoder.Embeddings.Forward(part.InputIds, part.TokenTypeIds, part.PositionIds, a, team);
        AttentionRows all = part.Rows(firstTokensOnly: false), last = part.Rows(_output.FirstTokensOnly);
        KeepHidden(part, 0, team);
        for (int layer = 0; layer < _encoder.Layers.Length; layer++)
        {
            _cancellation.ThrowIfCancellationRequested();
            _encoder.Layers[layer].Forward(a, layer + 1 < _encoder.Layers.Length ? all : last, _output.AttentionPointer(layer), team);
            KeepHidden(part, layer + 1, team);
        }

        CopyRows(part, last.Queries, a.Hidden, _output.Last.Matrix, team);
        team.End(Operation.Output);
        if (_encoder.Pooler is not null && _output.HasPoolerOutput)
        {
            Pool(part, last.Queries, team);
        }
    }

    private void KeepHidden(PassPart part, int layer, Team team)
    {
        if (_output.HiddenStateCount > 0)
        {
            CopyRows(part, part.Rows(firstTokensOnly: false).Queries, part.Activations.Hidden, _output.HiddenRows(layer), team);
            team.Meet(Operation.Output);
        }
    }

    /// <summary>Copies every sequence's rows to their place in the output.</summary>
    private void CopyRows(PassPart part, ReadOnlySpan<int> offsets, Matrix from, Matrix to, Team team)
    {
        for (int i = team.Index; i < part.Count; i += team.Count)
        {
            int first = _output.FirstRows[part.Sequences[i]];
            for (int row = offsets[i]; row < offsets[i + 1]; row++)
            {
                from.RowSpan(row).CopyTo(to.RowSpan(first + row - offsets[i]));
            }
        }
    }

    private void Pool(PassPart part, ReadOnlySpan<int> offsets, Team team)
    {
        // Queries and keys are free by now: they hold the first tokens and the pooled output.
        Matrix first = part.Activations.Query.Slice(0, part.Count), pooled = part.Activations.Key.Slice(0, part.Count);
        for (int i = team.Index; i < part.Count; i += team.Count)
        {
            part.Activations.Hidden.RowSpan(offsets[i]).CopyTo(first.RowSpan(i));
        }

        team.Meet(Operation.Pooler);
        _encoder.Pooler!.Forward(first, pooled, new GemmEpilogue(Activation.Tanh), team);
        team.Meet(Operation.Pooler);
        for (int i = team.Index; i < part.Count; i += team.Count)
        {
            pooled.RowSpan(i).CopyTo(_output.Pooled.Matrix.RowSpan(part.Sequences[i]));
        }

        team.End(Operation.Pooler);
    }
}
