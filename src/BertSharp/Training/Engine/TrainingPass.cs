namespace BertSharp;

/// <summary>
/// One step of a model, forward and backward, cut into micro-batches of whole sequences. All threads share each operation;
/// every sum over the rows of the step is one chain, rows ascending, so threads, widths, micro-batches and recomputation do
/// not change a bit. Where a term couples all sequences, several micro-batches run forward first to be collected, then once
/// more with the term's gradient (GradCache; Gao et al. 2021): dropout drops the same values both times.
/// </summary>
internal sealed class TrainingPass : TeamJob, IDisposable
{
    private readonly PreTrainedModel _model;
    private readonly TrainingStage[] _stages;
    private readonly TrainingPassOptions _options;
    private readonly DropoutProbabilities _dropouts;
    private readonly Arena _arena = new(0);
    private readonly Activations _embeddings = new();
    private readonly Activations[] _layers;
    private readonly ActivationGradients _gradients = new();
    private MicroBatch? _part;
    private bool _collects;

    /// <summary>Takes a model over until <see cref="Dispose"/>.</summary>
    public TrainingPass(PreTrainedModel model, TrainingStage[] stages, DropoutProbabilities dropouts, TrainingPassOptions options)
    {
        (_model, _stages, _dropouts, _options) = (model, stages, options.Dropout ? dropouts : default, options);
        IEnumerable<ModelParameters?> beside = [options.Lora?.Parameters, .. stages.Select(stage => stage.Parameters)];
        Gradients = new Gradients([model.Parameters, .. beside.OfType<ModelParameters>()], options.IsTrained);
        _layers = [.. model.Encoder.Layers.Select(_ => new Activations())];
        Parameter words = model.Parameters["bert.embeddings.word_embeddings.weight"];
        bool isTied = model.Head is HeadKind.MaskedLM or HeadKind.PreTraining && model.Parameters.Find("cls.predictions.decoder.weight") is null;
        _gradients.Words = isTied && words.Gradient is not null ? new RowGradients(words.Rows, words.Columns) : null;
    }

    /// <summary>The gradients of the last step.</summary>
    public Gradients Gradients { get; }

    private BertConfig Config => _model.Config;

    /// <summary>Replaces the gradients by those of a step.</summary>
    /// <param name="step">All its sequences.</param>
    /// <param name="labels">Their labels.</param>
    /// <param name="dropoutKey">Made of the seed and the step's number.</param>
    /// <param name="cancellation">Checked between micro-batches.</param>
    /// <exception cref="ArgumentException">An id, type, position or length does not fit the configuration, or labels do not fit.</exception>
    public StepLoss Run(PackedTokens step, StepLabels labels, ulong dropoutKey, CancellationToken cancellation = default)
    {
        BatchRules.Check(step, Config);
        foreach (TrainingStage stage in _stages)
        {
            stage.Begin(labels, step);
        }

        _gradients.Words?.Clear();
        int threads = WorkerPool.Shared.Rent(WorkerPool.Shared.Threads);
        try
        {
            _part = null;
            WorkerPool.Shared.Run(this, threads);
            _collects = SequencesFrom(step, 0) < step.Count && _stages.Any(stage => stage.IsJoint);
            if (_collects)
            {
                RunParts(step, dropoutKey, threads, cancellation);
                _collects = false;
            }

            RunParts(step, dropoutKey, threads, cancellation);
            Gradients.Complete();
        }
        finally
        {
            WorkerPool.Shared.Return(threads);
        }

        _gradients.Words?.AddTo(_model.Parameters["bert.embeddings.word_embeddings.weight"].Gradient!.Table);
        IReadOnlyList<KeyValuePair<string, double>> parts = _stages.Length == 1 ? [] : [.. _stages.Select(stage => KeyValuePair.Create(stage.Name, stage.Loss))];
        return new StepLoss(_stages.Sum(stage => stage.Loss), step.InputIds.Length, parts);
    }

    /// <inheritdoc/>
    public override void Run(Team team)
    {
        if (_part is null)
        {
            Gradients.Clear(team);
            return;
        }

        AttentionRows rows = _part.Rows;
        Forward(_part, rows, team);
        Matrix last = _layers.Length == 0 ? _embeddings.Hidden : _layers[^1].Output;
        foreach (TrainingStage stage in _stages)
        {
            stage.Collect(last, team);
        }

        if (_collects)
        {
            return;
        }

        ClearShare(_gradients.Hidden, team);
        foreach (TrainingStage stage in _stages)
        {
            stage.Run(last, _gradients.Hidden, team);
        }

        for (int layer = _layers.Length - 1; layer >= 0; layer--)
        {
            if (_options.Recompute && layer < _layers.Length - 1) // The last layer's are still there.
            {
                ForwardLayer(layer, rows, team);
            }

            _model.Encoder.Layers[layer].Backward(_layers[layer], _gradients, rows, team);
        }

        _model.Encoder.Embeddings.Backward(_part.InputIds, _part.TokenTypeIds, _part.PositionIds, _embeddings, _gradients, team);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TrainingStage stage in _stages)
        {
            stage.Dispose();
        }

        _gradients.Words?.Dispose();
        _arena.Dispose();
        Gradients.Dispose();
    }

    private void RunParts(PackedTokens step, ulong dropoutKey, int threads, CancellationToken cancellation)
    {
        for (int next = 0; next < step.Count; next += _part!.Count)
        {
            cancellation.ThrowIfCancellationRequested();
            _part = new MicroBatch(step, Config, next, SequencesFrom(step, next));
            Prepare(_part, dropoutKey, threads);
            WorkerPool.Shared.Run(this, threads);
        }
    }

    private void Forward(MicroBatch part, in AttentionRows rows, Team team)
    {
        _model.Encoder.Embeddings.Forward(part.InputIds, part.TokenTypeIds, part.PositionIds, _embeddings, team);
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            ForwardLayer(layer, rows, team);
        }
    }

    private unsafe void ForwardLayer(int layer, in AttentionRows rows, Team team) => _model.Encoder.Layers[layer].Forward(_layers[layer], rows, null, team);

    private static void ClearShare(Matrix matrix, Team team)
    {
        (int first, int count) = team.Share(matrix.Rows);
        for (int row = first; row < first + count; row++)
        {
            matrix.RowSpan(row).Clear();
        }

        team.Meet();
    }

    /// <summary>Sequences of the next micro-batch: whole groups, as many as the budget allows, at least one.</summary>
    private int SequencesFrom(PackedTokens step, int first)
    {
        int group = _stages.Max(stage => stage.GroupSize), end = first;
        do
        {
            end = Math.Min(step.Count, end + group);
        }
        while (end < step.Count && step.Start(Math.Min(step.Count, end + group)) - step.Start(first) <= _options.MicroBatchTokens);
        return end - first;
    }

    /// <summary>Takes the matrices of a micro-batch: kept for each layer, or for one with what enters each.</summary>
    private void Prepare(MicroBatch part, ulong dropoutKey, int members)
    {
        (int tokens, int hidden, int heads, int intermediate, int embedding) = (part.Tokens, Config.HiddenSize, Config.NumAttentionHeads, Config.IntermediateSize, Config.EmbeddingSize);
        int kept = _options.Recompute ? Math.Min(1, _layers.Length) : _layers.Length;
        long scratchSize = AttentionScratch.Size(part.Longest, hidden / heads);
        _arena.Reset(
            Activations.EmbeddingSize(tokens, hidden, embedding)
            + (kept * Activations.KeptSize(tokens, hidden, intermediate))
            + (_options.Recompute ? _layers.Length * Arena.MatrixSize(tokens, hidden) : 0)
            + (members * scratchSize)
            + ActivationGradients.Size(tokens, part.Longest, hidden, heads, intermediate, embedding, members));
        _embeddings.TakeEmbeddings(_arena, tokens, hidden, embedding);
        AttentionScratch[] scratch = [.. Enumerable.Range(0, members).Select(_ => AttentionScratch.Take(_arena, part.Longest, hidden / heads))];
        Dropout? dropout = _dropouts.IsNone ? null : new Dropout(dropoutKey, part.Offsets, part.FirstSequence, _dropouts);
        _embeddings.Dropout = dropout;
        Activations shared = new();
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            Matrix input = layer == 0 ? _embeddings.Hidden : _layers[layer - 1].Output;
            if (layer < kept)
            {
                _layers[layer].TakeKept(_arena, layer, input, intermediate, scratch);
            }

            if (_options.Recompute)
            {
                shared = layer == 0 ? _layers[0] : shared;
                _layers[layer].Borrow(shared, layer, input, _arena.TakeMatrix(tokens, hidden));
            }

            _layers[layer].Dropout = dropout;
        }

        _options.Lora?.Reserve(tokens);
        _gradients.Take(_arena, tokens, part.Longest, hidden, heads, intermediate, embedding, members);
        foreach (TrainingStage stage in _stages)
        {
            stage.Prepare(part, dropout);
        }
    }
}
