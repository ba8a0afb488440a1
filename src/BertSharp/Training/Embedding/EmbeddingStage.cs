namespace BertSharp;

/// <summary>
/// From the encoder to one vector a sequence (pooling, dense layers, normalisation), a loss of all vectors of a step, and back.
/// The loss is computed once, by the first micro-batch that runs: until then all of them were collected.
/// </summary>
/// <param name="modules">What stands behind the encoder.</param>
/// <param name="normalize">Whether vectors get length 1.</param>
/// <param name="hiddenSize">H.</param>
/// <param name="loss">The loss of the vectors.</param>
internal sealed class EmbeddingStage(EmbeddingModules modules, bool normalize, int hiddenSize, EmbeddingLoss loss) : TrainingStage
{
    private readonly Arena _step = new(0);
    private readonly Arena _arena = new(0);
    private EmbeddingBatch _batch;
    private Matrix _gradient;
    private MicroBatch _part = null!;
    private Chain _chain;
    private float[] _lengths = [];

    /// <inheritdoc/>
    public override string Name => "embedding";

    /// <inheritdoc/>
    public override ModelParameters? Parameters => modules.Parameters;

    /// <inheritdoc/>
    public override bool IsJoint => true;

    /// <inheritdoc/>
    public override void Begin(StepLabels labels, PackedTokens step)
    {
        int rows = step.Count, columns = modules.Dimension;
        (int targetRows, int targetColumns) = loss.LearnsFromTeacher ? (rows, columns) : (rows / labels.Texts, labels.Targets.Length == 0 ? 0 : 1);
        if (rows % labels.Texts != 0 || labels.Targets.Length != targetRows * targetColumns)
        {
            throw new ArgumentException($"{rows} sequences, {labels.Texts} an example, take {targetRows * targetColumns} targets; found {labels.Targets.Length}.", nameof(labels));
        }

        _step.Reset((2 * Arena.MatrixSize(rows, columns)) + Arena.MatrixSize(targetRows, targetColumns));
        Matrix embeddings = _step.TakeMatrix(rows, columns), targets = _step.TakeMatrix(targetRows, targetColumns);
        _gradient = _step.TakeMatrix(rows, columns);
        for (int row = 0; targetColumns > 0 && row < targetRows; row++)
        {
            labels.Targets.AsSpan(row * targetColumns, targetColumns).CopyTo(targets.RowSpan(row));
        }

        _batch = new EmbeddingBatch(embeddings, labels.Texts, targets);
        _lengths = _lengths.Length < rows ? new float[rows] : _lengths;
        Loss = 0;
    }

    /// <inheritdoc/>
    public override void Prepare(MicroBatch part, Dropout? dropout)
    {
        _part = part;
        _chain = Chain.Take(_arena, part.Count, hiddenSize * modules.Poolings.Count, modules.Dense);
    }

    /// <inheritdoc/>
    public override void Collect(Matrix hidden, Team team)
    {
        (int first, int count) = team.Share(_part.Count);
        for (int i = first; i < first + count; i++)
        {
            Matrix tokens = TokensOf(i, hidden);
            for (int k = 0; k < modules.Poolings.Count; k++)
            {
                EmbeddingModules.Pool(modules.Poolings[k], tokens, 0, _chain.Values[0].RowSpan(i).Slice(k * hiddenSize, hiddenSize));
            }
        }

        team.Meet();
        for (int layer = 0; layer < modules.Dense.Count; layer++)
        {
            (Linear linear, Activation activation) = modules.Dense[layer];
            linear.Forward(_chain.Values[layer], _chain.Values[layer + 1], new GemmEpilogue(activation, Kept: _chain.Kept[layer]), team);
            team.Meet();
        }

        for (int i = first; i < first + count; i++)
        {
            Span<float> vector = _batch.Embeddings.RowSpan(_part.FirstSequence + i);
            _chain.Values[^1].RowSpan(i).CopyTo(vector);
            _lengths[_part.FirstSequence + i] = normalize ? Similarity.Normalize(vector) : 1;
        }

        team.Meet();
    }

    /// <inheritdoc/>
    public override void Run(Matrix hidden, Matrix dHidden, Team team)
    {
        if (_part.FirstSequence == 0)
        {
            if (team.Index == 0)
            {
                Loss = loss.Compute(_batch, _gradient);
            }

            team.Meet();
        }

        BackwardNormalization(team);
        for (int layer = modules.Dense.Count - 1; layer >= 0; layer--)
        {
            BackwardDense(layer, team);
        }

        (int first, int count) = team.Share(_part.Count);
        for (int i = first; i < first + count; i++)
        {
            for (int k = 0; k < modules.Poolings.Count; k++)
            {
                EmbeddingModules.PoolBackward(modules.Poolings[k], TokensOf(i, hidden), 0, _chain.Gradients[0].RowSpan(i).Slice(k * hiddenSize, hiddenSize), TokensOf(i, dHidden));
            }
        }

        team.Meet();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _step.Dispose();
        _arena.Dispose();
    }

    private void BackwardNormalization(Team team)
    {
        (int first, int count) = team.Share(_part.Count);
        for (int i = first; i < first + count; i++)
        {
            Span<float> gradient = _chain.Gradients[^1].RowSpan(i);
            int row = _part.FirstSequence + i;
            _gradient.RowSpan(row).CopyTo(gradient);
            if (normalize)
            {
                Similarity.NormalizeBackward(_batch.Embeddings.RowSpan(row), _lengths[row], gradient);
            }
        }

        team.Meet();
    }

    private void BackwardDense(int layer, Team team)
    {
        (Linear linear, Activation activation) = modules.Dense[layer];
        Matrix gradient = _chain.Gradients[layer + 1];
        (int first, int count) = team.Share(_part.Count);
        for (int i = first; activation != Activation.None && i < first + count; i++)
        {
            Elementwise.MultiplyBySlope(activation, gradient.RowSpan(i), _chain.Kept[layer].RowSpan(i));
        }

        team.Meet();
        linear.Backward(_chain.Values[layer], gradient, _chain.Gradients[layer], GemmEpilogue.None, _chain.Transposed, team);
    }

    private Matrix TokensOf(int sequence, Matrix matrix) => matrix.Slice(_part.Offsets[sequence], _part.Offsets[sequence + 1] - _part.Offsets[sequence]);

    /// <summary>Matrices of a micro-batch of n sequences: what enters each dense layer and what leaves the last, before activations, gradients.</summary>
    private readonly record struct Chain(Matrix[] Values, Matrix[] Kept, Matrix[] Gradients, nint Transposed)
    {
        public static unsafe Chain Take(Arena arena, int rows, int width, IReadOnlyList<(Linear Linear, Activation Activation)> dense)
        {
            int[] widths = [width, .. dense.Select(layer => layer.Linear.Outputs)];
            long transposed = dense.Select((layer, i) => Panels.Size(widths[i + 1], widths[i])).DefaultIfEmpty().Max();
            arena.Reset((3 * widths.Sum(size => Arena.MatrixSize(rows, size))) + transposed);
            Matrix[] Matrices(IEnumerable<int> sizes) => [.. sizes.Select(size => arena.TakeMatrix(rows, size))];
            return new Chain(Matrices(widths), Matrices(widths.Skip(1)), Matrices(widths), (nint)arena.Take(transposed));
        }
    }
}
