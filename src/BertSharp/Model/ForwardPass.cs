using System.Diagnostics;

namespace BertSharp;

/// <summary>
/// One forward pass over a batch, cut at sequence boundaries into chunks that bound the memory. Where it balances, whole
/// sequences are dealt to threads, each of which runs the stack alone; otherwise all threads share each operation.
/// Objects are pooled with their memory, so a warm pass allocates nothing.
/// </summary>
internal sealed unsafe class ForwardPass : TeamJob
{
    /// <summary>Activations of a chunk take about this many float32 values (16 MiB).</summary>
    private const long ChunkValues = 4L << 20;

    private static readonly Pool<ForwardPass> Idle = new();

    private readonly Arena _arena = new(0);
    private PassPart[] _parts = [];
    private readonly List<int> _chunk = [];
    private Encoder _encoder = null!;
    private PackedTokens _batch;
    private BertOutput _output = null!;
    private OperationClock? _clock;
    private CancellationToken _cancellation;
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
            (pass._encoder, pass._batch, pass._output, pass._clock, pass._cancellation) = (encoder, batch, output, clock, cancellation);
            pass.RunChunks(threads, progress);
            clock?.AddPass(start, threads);
        }
        finally
        {
            if (held)
            {
                encoder.Parameters.Release();
            }

            WorkerPool.Shared.Return(threads);
            (pass._encoder, pass._batch, pass._output, pass._clock) = (null!, default, null!, null);
            Idle.Give(pass);
        }
    }

    /// <inheritdoc/>
    public override void Run(Team team)
    {
        OperationLaps? laps = _clock is null ? null : new OperationLaps();
        if (_alone)
        {
            RunPart(_parts[team.Index], Team.Alone with { Laps = laps });
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

    private void RunChunks(int threads, IProgress<int>? progress)
    {
        BertConfig config = _encoder.Config;
        int budget = (int)Math.Max(1, ChunkValues / ((5L * config.HiddenSize) + config.IntermediateSize));
        for (int next = 0; next < _batch.Count;)
        {
            _chunk.Clear();
            int room = budget;
            for (; next < _batch.Count && (_chunk.Count == 0 || _batch.Length(next) <= room); next++)
            {
                _chunk.Add(next);
                room -= _batch.Length(next);
            }

            // Where more follow, each thread gets as many sequences: of one length they balance.
            for (; next < _batch.Count && _chunk.Count > threads && _chunk.Count % threads > 0; next--)
            {
                _chunk.RemoveAt(_chunk.Count - 1);
            }

            Deal(threads);
            WorkerPool.Shared.Run(this, threads);
            progress?.Report(next);
        }
    }

    /// <summary>Deals the chunk's sequences to threads; all to one part that they share where that does not balance.</summary>
    private void Deal(int threads)
    {
        for (int i = _parts.Length; i < threads; i++)
        {
            Array.Resize(ref _parts, i + 1);
            _parts[i] = new PassPart();
        }

        _alone = threads > 1 && SequenceDealing.TryDeal(_chunk, _batch, _parts.AsSpan(0, threads));
        if (!_alone)
        {
            _parts[0].Clear();
            foreach (int sequence in _chunk)
            {
                _parts[0].Add(sequence, _batch.Length(sequence));
            }
        }

        Place(_parts.AsSpan(0, _alone ? threads : 1), _alone ? 1 : threads);
    }

    /// <summary>Gives every part its tokens and its matrices, for teams of so many members.</summary>
    private void Place(ReadOnlySpan<PassPart> parts, int members)
    {
        BertConfig config = _encoder.Config;
        long size = 0;
        foreach (PassPart part in parts)
        {
            size += Activations.Size(part.Tokens, part.Longest, config.HiddenSize, config.NumAttentionHeads, config.IntermediateSize, config.EmbeddingSize, members);
        }

        _arena.Reset(size);
        foreach (PassPart part in parts)
        {
            part.Activations.Take(_arena, part.Tokens, part.Longest, config.HiddenSize, config.NumAttentionHeads, config.IntermediateSize, config.EmbeddingSize, members);
            part.Gather(_batch, Family.Of(config), config.PadTokenId, _output.AttentionOffsets);
        }
    }

    private void RunPart(PassPart part, Team team)
    {
        Activations a = part.Activations;
        _encoder.Embeddings.Forward(part.InputIds, part.TokenTypeIds, part.PositionIds, a, team);
        KeepHidden(part, 0, team);
        for (int layer = 0; layer < _encoder.Layers.Length; layer++)
        {
            _cancellation.ThrowIfCancellationRequested();
            _encoder.Layers[layer].Forward(a, part.Offsets, part.Attended, _output.AttentionPointer(layer), part.AttentionOffsets, team);
            KeepHidden(part, layer + 1, team);
        }

        CopyRows(part, a.Hidden, _output.Last.Matrix, team);
        team.End(Operation.Output);
        if (_encoder.Pooler is not null && _output.HasPoolerOutput)
        {
            Pool(part, team);
        }
    }

    private void KeepHidden(PassPart part, int layer, Team team)
    {
        if (_output.HiddenStateCount > 0)
        {
            CopyRows(part, part.Activations.Hidden, _output.HiddenRows(layer), team);
            team.Meet(Operation.Output);
        }
    }

    /// <summary>Copies every sequence's rows to their place in the batch.</summary>
    private void CopyRows(PassPart part, Matrix from, Matrix to, Team team)
    {
        for (int i = team.Index; i < part.Count; i += team.Count)
        {
            int first = _batch.Start(part.Sequences[i]);
            for (int row = part.Offsets[i]; row < part.Offsets[i + 1]; row++)
            {
                from.RowSpan(row).CopyTo(to.RowSpan(first + row - part.Offsets[i]));
            }
        }
    }

    private void Pool(PassPart part, Team team)
    {
        // Queries and keys are free by now: they hold the first tokens and the pooled output.
        Matrix first = part.Activations.Query.Slice(0, part.Count), pooled = part.Activations.Key.Slice(0, part.Count);
        for (int i = team.Index; i < part.Count; i += team.Count)
        {
            part.Activations.Hidden.RowSpan(part.Offsets[i]).CopyTo(first.RowSpan(i));
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
