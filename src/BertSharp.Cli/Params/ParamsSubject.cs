namespace BertSharp.Cli.Params;

/// <summary>
/// What <c>bert params</c> is asked about: a published name, a <c>config.json</c>, or a checkpoint with or without one.
/// </summary>
internal sealed class ParamsSubject : IDisposable
{
    private ParamsSubject(string name, BertConfig? config, Checkpoint? checkpoint, HeadKind head, int tokens)
    {
        Name = name;
        Checkpoint = checkpoint;
        Head = head;
        Report = config is null ? null : ParameterReport.Of(config, head, tokens);
        Findings = Report is null || checkpoint is null ? [] : CheckpointComparison.Compare(Report.Parameters, checkpoint);
        Tensors = Report is not null
            ? [.. Report.Parameters.Select(parameter => new ListedTensor(parameter.Name, parameter.ShapeText, parameter.Shape, parameter.Count, checkpoint is not null && checkpoint.TryFind(parameter.Name, out TensorInfo stored) ? stored : null))]
            : [.. checkpoint!.Tensors.Where(tensor => !tensor.IsBuffer && !tensor.IsScale).Select(tensor => new ListedTensor(tensor.Name, tensor.ShapeText, tensor.Shape, tensor.Count, tensor))];
    }

    public string Name { get; }

    /// <summary>The checkpoint, where there is one.</summary>
    public Checkpoint? Checkpoint { get; }

    public HeadKind Head { get; }

    /// <summary>What the configuration asks for; null for a checkpoint without one.</summary>
    public ParameterReport? Report { get; }

    /// <summary>How the checkpoint differs from that.</summary>
    public IReadOnlyList<CheckpointFinding> Findings { get; }

    /// <summary>The tensors in the model's own order; as stored where there is no configuration.</summary>
    public IReadOnlyList<ListedTensor> Tensors { get; }

    public long Total => Tensors.Sum(tensor => tensor.Count);

    /// <summary>Finds out what <paramref name="what"/> is. Of a checkpoint only the headers are read.</summary>
    /// <param name="what">A name, a file or a folder.</param>
    /// <param name="head">The head; null: none, or the one that a checkpoint's configuration names.</param>
    /// <param name="tokens">Tokens for the cost.</param>
    public static ParamsSubject Open(string what, HeadKind? head, int tokens)
    {
        if (IsConfiguration(what))
        {
            return new ParamsSubject(what, BertConfig.Load(what), null, head ?? HeadKind.None, tokens);
        }

        if (!Path.Exists(what) && PublishedModels.TryFind(what, out BertConfig published))
        {
            return new ParamsSubject(what, published, null, head ?? HeadKind.None, tokens);
        }

        Checkpoint checkpoint = OpenCheckpoint(what);
        try
        {
            BertConfig? config = checkpoint.ConfigJson is { } json ? BertConfig.Parse(json, Path.Combine(checkpoint.Path, "config.json")) : null;
            return new ParamsSubject(what, config, checkpoint, head ?? config?.Head ?? HeadKind.None, tokens);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    public void Dispose() => Checkpoint?.Dispose();

    // A folder that holds a configuration alone is asked about as that configuration.
    private static bool IsConfiguration(string what) =>
        (File.Exists(what) && what.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !what.EndsWith(".index.json", StringComparison.OrdinalIgnoreCase))
        || (File.Exists(Path.Combine(what, "config.json")) && Directory.GetFiles(what).All(file => Path.GetExtension(file) is ".json" or ".txt" or ".md"));

    private static Checkpoint OpenCheckpoint(string what)
    {
        try
        {
            return Checkpoint.Open(what);
        }
        catch (CheckpointException error) when (!Path.Exists(what))
        {
            throw new CliException($"{error.Message}. Or give a published name: {string.Join(", ", PublishedModels.Names.Take(9))}, …");
        }
    }
}
