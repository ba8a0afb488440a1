namespace BertSharp;

/// <summary>What follows the transformer in a sentence-transformers model: poolings end to end, dense layers, normalisation.</summary>
internal sealed class EmbeddingModules : IDisposable
{
    private readonly IReadOnlyList<PoolingMode> _poolings;
    private readonly int _hidden;
    private readonly (Linear Linear, Activation Activation)[] _dense;
    private readonly ModelParameters? _parameters;
    private readonly int _widest;

    private EmbeddingModules(SentenceTransformerConfig config, int hidden, ModelParameters? parameters)
    {
        _poolings = config.Pooling;
        _hidden = hidden;
        _parameters = parameters;
        _dense = [.. config.Dense.Select(dense => (new Linear(parameters![dense.Folder + "/linear.weight"], parameters.Find(dense.Folder + "/linear.bias")), ActivationOf(dense)))];
        _widest = Math.Max(PooledWidth, config.Dense.Select(dense => dense.OutFeatures).DefaultIfEmpty().Max());
        Dimension = config.Dense.Count > 0 ? config.Dense[^1].OutFeatures : PooledWidth;
    }

    /// <summary>The poolings, whose vectors are put end to end.</summary>
    public IReadOnlyList<PoolingMode> Poolings => _poolings;

    /// <summary>The dense layers behind them, in order.</summary>
    public IReadOnlyList<(Linear Linear, Activation Activation)> Dense => _dense;

    /// <summary>The weights of the dense layers; null where there are none.</summary>
    public ModelParameters? Parameters => _parameters;

    /// <summary>Length of the vector.</summary>
    public int Dimension { get; }

    /// <summary>Float32 values of scratch that <see cref="Forward"/> needs.</summary>
    public int ScratchLength => 2 * _widest;

    /// <summary>Whether no token but the first of a sequence reaches its vector.</summary>
    public bool ReadsFirstTokensOnly => _poolings is [PoolingMode.Cls];

    private int PooledWidth => _hidden * _poolings.Count;

    /// <summary>Loads the dense layers' weights; the widths must chain.</summary>
    /// <exception cref="CheckpointException">A module's files do not fit its description or its neighbours.</exception>
    public static EmbeddingModules Load(string folder, SentenceTransformerConfig config, int hidden)
    {
        List<Checkpoint> files = [];
        try
        {
            Dictionary<string, (Checkpoint File, TensorInfo Tensor)> sources = [];
            List<ParameterInfo> list = [];
            int width = hidden * config.Pooling.Count;
            foreach (DenseModule dense in config.Dense)
            {
                if (dense.InFeatures != width)
                {
                    throw new CheckpointException(Path.Combine(folder, dense.Folder, "config.json"), $"expected {width}, the width of what comes before; found {dense.InFeatures}", "in_features");
                }

                Checkpoint file = Checkpoint.Open(Path.Combine(folder, dense.Folder));
                files.Add(file);
                Add(file, dense, "linear.weight", [dense.OutFeatures, dense.InFeatures], list, sources);
                if (dense.HasBias)
                {
                    Add(file, dense, "linear.bias", [dense.OutFeatures], list, sources);
                }

                width = dense.OutFeatures;
            }

            ModelParameters? parameters = list.Count == 0 ? null : new ModelParameters(list, (info, row, rows) =>
                sources[info.Name].File.ReadElements(sources[info.Name].Tensor, row * info.Shape[^1], rows));
            return new EmbeddingModules(config, hidden, parameters);
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    /// <summary>These modules with one more dense layer, the last of <paramref name="config"/>; they are disposed of.</summary>
    public EmbeddingModules With(SentenceTransformerConfig config, RowSource source)
    {
        DenseModule added = config.Dense[^1];
        ParameterInfo weight = new(added.Folder + "/linear.weight", [added.OutFeatures, added.InFeatures], ParameterPart.Head), bias = new(added.Folder + "/linear.bias", [added.OutFeatures], ParameterPart.Head);
        ModelParameters all = new([.. _parameters?.List ?? [], weight, bias], (info, row, rows) =>
        {
            if (_parameters?.Find(info.Name) is { } held)
            {
                held.CopyValues(row * info.Shape[^1], rows);
            }
            else
            {
                source(info, row, rows);
            }
        });
        Dispose();
        return new EmbeddingModules(config, _hidden, all);
    }

    /// <summary>Pools the tokens [S, H] of a sequence, or the first [1, H] where <see cref="ReadsFirstTokensOnly"/>, and applies the dense layers.</summary>
    /// <returns>The vector, inside <paramref name="scratch"/>.</returns>
    public unsafe Span<float> Forward(Matrix tokens, int promptTokens, Span<float> scratch)
    {
        Span<float> x = scratch[..PooledWidth];
        for (int i = 0; i < _poolings.Count; i++)
        {
            Pool(_poolings[i], tokens, promptTokens, x.Slice(i * _hidden, _hidden));
        }

        for (int i = 0; i < _dense.Length; i++)
        {
            // The two halves of the scratch take turns.
            (Linear linear, Activation activation) = _dense[i];
            Span<float> y = scratch.Slice(i % 2 == 0 ? _widest : 0, linear.Outputs);
            fixed (float* from = x, to = y)
            {
                Matrix input = new((nint)from, 1, x.Length, x.Length), output = new((nint)to, 1, y.Length, y.Length);
                linear.Forward(input, output, new GemmEpilogue(activation), Team.Alone);
            }

            x = y;
        }

        return x;
    }

    /// <summary>Saves the dense layers into their folders.</summary>
    public void Save(string folder, SentenceTransformerConfig config)
    {
        foreach (DenseModule dense in config.Dense)
        {
            IEnumerable<TensorSource> tensors = _parameters!.List
                .Where(info => info.Name.StartsWith(dense.Folder + "/", StringComparison.Ordinal))
                .Select(info => new TensorSource(info.Name[(dense.Folder.Length + 1)..], info.Shape, _parameters[info.Name].CopyValues));
            Directory.CreateDirectory(Path.Combine(folder, dense.Folder));
            CheckpointWriter.Save(Path.Combine(folder, dense.Folder, "model.safetensors"), tensors);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _parameters?.Dispose();

    /// <summary>One pooling of a sequence's tokens [S, H] into <paramref name="vector"/> [H].</summary>
    internal static void Pool(PoolingMode mode, Matrix tokens, int promptTokens, Span<float> vector)
    {
        // A prompt that is left out takes all tokens of a text that it alone fills: then the vector is zero, as in the reference.
        int skipped = Math.Min(promptTokens, tokens.Rows);
        Matrix kept = tokens.Slice(skipped, tokens.Rows - skipped);
        switch (mode)
        {
            case PoolingMode.Cls: tokens.RowSpan(0).CopyTo(vector); break;
            case PoolingMode.LastToken: tokens.RowSpan(tokens.Rows - 1).CopyTo(vector); break;
            case PoolingMode.Max: Pooling.Max(kept, vector); break;
            case PoolingMode.Mean: Pooling.Sum(kept, Math.Max(kept.Rows, 1), vector); break;
            case PoolingMode.MeanSqrtLen: Pooling.Sum(kept, float.Sqrt(Math.Max(kept.Rows, 1)), vector); break;
            case PoolingMode.WeightedMean: Pooling.WeightedMean(kept, skipped + 1, vector); break;
            default: throw new ArgumentOutOfRangeException(nameof(mode), mode, "Not a pooling.");
        }
    }

    /// <summary>Adds the gradient of a pooling's vector [H] to that of the tokens [S, H] of its sequence; the other way through <c>Pool</c>.</summary>
    internal static void PoolBackward(PoolingMode mode, Matrix tokens, int promptTokens, ReadOnlySpan<float> dVector, Matrix dTokens)
    {
        int skipped = Math.Min(promptTokens, tokens.Rows);
        Matrix dKept = dTokens.Slice(skipped, tokens.Rows - skipped);
        switch (mode)
        {
            case PoolingMode.Cls: Arithmetic.Add(dTokens.RowSpan(0), dVector); break;
            case PoolingMode.LastToken: Arithmetic.Add(dTokens.RowSpan(tokens.Rows - 1), dVector); break;
            case PoolingMode.Max: Pooling.MaxBackward(tokens.Slice(skipped, dKept.Rows), dVector, dKept); break;
            case PoolingMode.Mean: Pooling.SumBackward(dVector, dKept.Rows, dKept); break;
            case PoolingMode.MeanSqrtLen: Pooling.SumBackward(dVector, float.Sqrt(dKept.Rows), dKept); break;
            case PoolingMode.WeightedMean: Pooling.WeightedMeanBackward(dVector, skipped + 1, dKept); break;
            default: throw new ArgumentOutOfRangeException(nameof(mode), mode, "Not a pooling.");
        }
    }

    private static void Add(Checkpoint file, DenseModule dense, string name, int[] shape, List<ParameterInfo> list, Dictionary<string, (Checkpoint, TensorInfo)> sources)
    {
        ParameterInfo info = new(dense.Folder + "/" + name, [.. shape.Select(size => (long)size)], ParameterPart.Head);
        if (!file.TryFind(name, out TensorInfo tensor) || !tensor.Shape.SequenceEqual(info.Shape))
        {
            throw new CheckpointException(file.Path, $"expected shape {info.ShapeText}, found {tensor?.ShapeText ?? "no such tensor"}", name);
        }

        list.Add(info);
        sources.Add(info.Name, (file, tensor));
    }

    private static Activation ActivationOf(DenseModule dense) => TorchActivations.Find(dense.Activation)
        ?? throw new CheckpointException(Path.Combine(dense.Folder, "config.json"), $"'{dense.Activation}' is not supported; expected one of {TorchActivations.Names}", "activation_function");
}
