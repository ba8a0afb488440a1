namespace BertSharp;

/// <summary>
/// What the model and its heads share: a configuration, parameters that are held once, and the pass through the encoder.
/// Immutable and thread-safe; <see cref="Dispose()"/> frees the weights once no pass uses them.
/// </summary>
public abstract class PreTrainedModel : IDisposable
{
    private readonly HeadKind _head;

    private protected PreTrainedModel(LoadedModel source)
    {
        _head = source.Head;
        Config = source.Config;
        Parameters = source.Parameters;
        NewParameters = source.New ?? [];
        Encoder = new Encoder(Config, Parameters);
    }

    /// <summary>The configuration.</summary>
    public BertConfig Config { get; }

    /// <summary>Every parameter in the model's own order, by its canonical name.</summary>
    public IReadOnlyList<ParameterInfo> ParameterList => Parameters.List;

    internal HeadKind Head => _head;

    internal ModelParameters Parameters { get; }

    internal Encoder Encoder { get; }

    /// <summary>The parameters of a new head (and pooler), which nothing has taught yet.</summary>
    internal IReadOnlyList<ParameterInfo> NewParameters { get; }

    /// <summary>A copy of a parameter's values, row-major.</summary>
    /// <exception cref="KeyNotFoundException">The model has no parameter of this name.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public float[] GetParameter(string name)
    {
        Parameter parameter = Parameters[name];
        float[] values = new float[checked(parameter.Rows * parameter.Columns)];
        bool held = false;
        try
        {
            Parameters.Hold(ref held);
            for (int row = 0; row < parameter.Rows; row++)
            {
                parameter.CopyRow(row, values.AsSpan(row * parameter.Columns, parameter.Columns));
            }
        }
        finally
        {
            if (held)
            {
                Parameters.Release();
            }
        }

        return values;
    }

    /// <summary>
    /// Saves <c>config.json</c> and the weights, under the names of the family's class in transformers, which loads the folder as
    /// it is. Layers that are held in another format than float32 are stored in that format exactly, which BertSharp alone loads.
    /// </summary>
    /// <param name="folder">A new folder, written beside and renamed whole, or an existing one.</param>
    /// <param name="options">Float type of what is held in float32, shards, further small files.</param>
    /// <param name="cancellation">A cancelled save leaves what was there.</param>
    /// <exception cref="CheckpointException">A value is beyond the type's range.</exception>
    public void Save(string folder, SaveOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new SaveOptions();
        BertConfig config = Config with { Architectures = [Family.Of(Config).ArchitectureOf(_head)!] };
        Dictionary<string, ReadOnlyMemory<byte>> files = new(options.Files) { ["config.json"] = System.Text.Encoding.UTF8.GetBytes(config.ToJson(options.DataType)) };
        StoredTensor[] tensors = [.. Parameters.List.SelectMany(info => Stored(
            new TensorSource(ParameterNames.Stored(info.Name, Config.ModelType, withPrefix: _head != HeadKind.None), info.Shape, Parameters[info.Name].CopyValues), Parameters[info.Name], options.DataType, folder))];
        CheckpointWriter.Save(folder, tensors, options with { Files = files }, cancellation);
    }

    // In the format in which the parameter is held, so that nothing is rounded twice.
    private static StoredTensor[] Stored(TensorSource source, Parameter parameter, TensorType type, string file) => parameter.Format switch
    {
        WeightFormat.BFloat16 => [StoredTensor.Of(source, TensorType.BFloat16, file)],
        WeightFormat.Int8 or WeightFormat.Int8Dynamic => Int8Tensors.Store(source.Name, source.Shape, (row, values) =>
        {
            parameter.CopyQuantizedRow(row, values, out float scale);
            return scale;
        }),
        _ => [StoredTensor.Of(source, type, file)],
    };

    /// <summary>Frees the weights, after the last pass that uses them.</summary>
    public void Dispose()
    {
        Parameters.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Configuration and weights of a checkpoint, for a head that its family has.</summary>
    private protected static LoadedModel Read(string path, HeadKind head, WeightFormat? weights) => Read(path, head, stored => QuantizationConfig.Choose(stored, weights));

    /// <summary>The same with formats that are chosen after the configuration was seen.</summary>
    private protected static LoadedModel Read(string path, HeadKind head, Func<QuantizationConfig?, QuantizationConfig?> choose)
    {
        using Checkpoint checkpoint = Checkpoint.Open(path);
        BertConfig config = BertModel.ConfigOf(checkpoint, choose);
        RequireHead(checkpoint, config, head);
        return new LoadedModel(config, Weights.Load(checkpoint, BertSharp.ParameterList.Of(config, head), config.QuantizationConfig), head);
    }

    /// <summary>
    /// Encoder of a checkpoint in float32 with a head to be trained: the checkpoint's own where it is of this kind and these labels,
    /// else a new one. A pooler that the checkpoint has not is new too.
    /// </summary>
    private protected static LoadedModel ReadForTraining(string path, HeadKind head, IReadOnlyList<string>? labels, string? problemType, ulong seed)
    {
        using Checkpoint checkpoint = Checkpoint.Open(path);
        BertConfig stored = BertModel.ConfigOf(checkpoint, format => QuantizationConfig.Choose(format, WeightFormat.Float32));
        RequireHead(checkpoint, stored, head);
        BertConfig config = stored with { Id2Label = labels ?? stored.Id2Label, ProblemType = problemType };
        bool keepsHead = stored.Head == head && stored.Id2Label.SequenceEqual(config.Id2Label);
        IReadOnlyList<ParameterInfo> list = BertSharp.ParameterList.Of(config, head);
        ParameterInfo[] added = [.. list.Where(parameter => parameter.Part == ParameterPart.Head ? !keepsHead : parameter.Part == ParameterPart.Pooler && !checkpoint.TryFind(parameter.Name, out _))];
        return new LoadedModel(config, Weights.Load(checkpoint, list, null, added, Weights.Random(config, seed)), head, added);
    }

    private static void RequireHead(Checkpoint checkpoint, BertConfig config, HeadKind head)
    {
        if (Family.Of(config).ArchitectureOf(head) is null)
        {
            throw new CheckpointException(checkpoint.Path, $"its model_type {config.ModelType} has no head {head}; load it with the class of its own head", "model_type");
        }
    }

    /// <summary>A configuration with random weights for a head.</summary>
    private protected static LoadedModel Random(BertConfig config, HeadKind head, ulong seed) =>
        new(config, Weights.Random(config, BertSharp.ParameterList.Of(config, head), seed, config.QuantizationConfig), head);

    /// <summary>Runs the encoder into a result that the caller keeps.</summary>
    private protected void Encode(PackedTokens batch, BertOutput output, bool pooler, ForwardOptions? options, IProgress<int>? progress, CancellationToken cancellation)
    {
        BatchRules.Check(batch, Config);
        output.Resize(Config, pooler && Encoder.Pooler is not null, batch.Offsets.Span, options ?? ForwardOptions.Default);
        ForwardPass.Run(Encoder, batch, output, options?.Clock, progress, cancellation);
    }

    /// <summary>Logits [B, outputs] of whole sequences: from the pooled outputs, or, without a pooler, from the first tokens.</summary>
    private protected void PredictSequences(PredictionHead head, BertOutput states, PinnedRows logits, CancellationToken cancellation)
    {
        bool pooled = states.HasPoolerOutput;
        HeadPass.Run(head, Parameters, pooled ? states.Pooled : states.Last, pooled ? [] : states.FirstRows, logits, cancellation);
    }

    /// <summary>Logits [T, outputs] of all tokens.</summary>
    private protected void PredictTokens(PredictionHead head, BertOutput states, PinnedRows logits, CancellationToken cancellation) =>
        HeadPass.Run(head, Parameters, states.Last, [], logits, cancellation);

    /// <summary>Logits [positions, outputs] of chosen tokens.</summary>
    private protected void PredictTokens(PredictionHead head, ReadOnlySpan<int> positions, BertOutput states, PinnedRows logits, CancellationToken cancellation)
    {
        if (positions.IsEmpty)
        {
            logits.Resize(0, head.Outputs);
            return;
        }

        HeadPass.Run(head, Parameters, states.Last, positions, logits, cancellation);
    }
}
