namespace BertSharp.Cli.Onnx;

/// <summary>A model as an ONNX file (<c>ModelProto</c> of onnx.proto, opset 17), for any runtime of that format.</summary>
internal static class OnnxModel
{
    /// <summary>The first with LayerNormalization; ONNX Runtime runs it since 1.12.</summary>
    private const int Opset = 17;

    /// <summary>The file format that goes with the opset.</summary>
    private const int IrVersion = 8;

    /// <summary>Writes a checkpoint as a graph with its weights, whole or not at all.</summary>
    /// <param name="source">A folder, a file or a Hub name, as <see cref="Checkpoint.Open"/> takes it.</param>
    /// <param name="path">The file; one of that name is replaced.</param>
    /// <param name="head">The head; null for the configuration's own.</param>
    /// <param name="progress">Is told the share that is written, 0 to 1.</param>
    /// <param name="cancellation">Nothing is left where it is cancelled.</param>
    /// <exception cref="CheckpointException">Config and weights do not match, or the model is beyond 2 GB.</exception>
    public static void Write(string source, string path, HeadKind? head, IProgress<double>? progress, CancellationToken cancellation)
    {
        using Checkpoint checkpoint = Checkpoint.Open(source);
        BertConfig config = checkpoint.ConfigJson is { } json
            ? BertConfig.Parse(json, Path.Combine(checkpoint.Path, "config.json"))
            : throw new CheckpointException(checkpoint.Path, "there is no config.json beside the weights; copy the model's config.json there");
        ParameterInfo[] parameters = Parameters(config, head ?? config.Head, checkpoint);
        OnnxGraph graph = new();
        OnnxWeights weights = new(checkpoint, parameters, graph, progress, cancellation);
        AddNodes(graph, weights, config, head ?? config.Head);
        ProtoMessage model = new ProtoMessage()
            .Number(1, IrVersion)
            .Text(2, "BertSharp")
            .Text(3, typeof(OnnxModel).Assembly.GetName().Version!.ToString(3))
            .Message(7, graph.ToMessage(config.ModelType))
            .Message(8, new ProtoMessage().Text(1, "").Number(2, Opset));
        RequireSize(model.Length, checkpoint.Path);
        Save(path, model);
    }

    /// <summary>Protocol Buffers end at 2 GB.</summary>
    /// <exception cref="CheckpointException">The file would be longer.</exception>
    internal static void RequireSize(long length, string source)
    {
        if (length > int.MaxValue)
        {
            throw new CheckpointException(source, $"needs {length} bytes as ONNX; expected at most {int.MaxValue}, the limit of a Protocol Buffers file. Choose a smaller model");
        }
    }

    // A pooler where the checkpoint has one, as BertModel.Load takes it; otherwise all that the head needs.
    private static ParameterInfo[] Parameters(BertConfig config, HeadKind head, Checkpoint checkpoint)
    {
        bool pooler = head != HeadKind.None || checkpoint.TryFind("bert.pooler.dense.weight", out _);
        ParameterInfo[] parameters = [.. ParameterList.Of(config, head).Where(parameter => pooler || parameter.Part != ParameterPart.Pooler)];
        CheckpointComparison.Require(parameters, checkpoint);
        CheckpointFinding? surplus = CheckpointComparison.Compare(parameters, checkpoint).FirstOrDefault(finding => finding.Kind == FindingKind.Unexpected
            && finding.Name.StartsWith("bert.", StringComparison.Ordinal) && !finding.Name.StartsWith("bert.pooler.", StringComparison.Ordinal));
        return surplus is null
            ? parameters
            : throw new CheckpointException(checkpoint.Path, "belongs to an encoder with more parts than config.json describes", surplus.StoredName);
    }

    private static void AddNodes(OnnxGraph graph, OnnxWeights weights, BertConfig config, HeadKind head)
    {
        OnnxLayers layers = new(graph, weights, config);
        OnnxEncoder encoder = new(graph, weights, layers, config);
        string[] axes = head == HeadKind.MultipleChoice ? ["batch", "num_choices", "sequence"] : ["batch", "sequence"];
        string ids = graph.Input("input_ids", axes), mask = graph.Input("attention_mask", axes);
        string? types = config.TypeVocabSize > 1 ? graph.Input("token_type_ids", axes) : null;
        string states = head == HeadKind.MultipleChoice
            ? encoder.Forward(Flat(graph, ids), types is null ? null : Flat(graph, types), Flat(graph, mask))
            : encoder.Forward(ids, types, mask);
        new OnnxHeads(graph, weights, layers, encoder, config).Add(head, states, ids);
    }

    // [batch, num_choices, sequence] → [batch · num_choices, sequence].
    private static string Flat(OnnxGraph graph, string input)
    {
        graph.Scope = input;
        string length = graph.Add("Slice", [graph.Add("Shape", [input]), graph.Constant(2), graph.Constant(3)]);
        return graph.Add("Reshape", [input, graph.Add("Concat", [graph.Constant(-1), length], OnnxAttribute.Number("axis", 0))]);
    }

    // Beside its place, to the disk, then renamed over it.
    private static void Save(string path, ProtoMessage model)
    {
        string beside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream stream = new(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                model.WriteTo(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}
