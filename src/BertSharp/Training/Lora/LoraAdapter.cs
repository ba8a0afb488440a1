namespace BertSharp;

/// <summary>
/// An adapter in memory: the low-rank matrices of chosen layers, and parameters that replace the model's whole. Read and
/// written as PEFT does (docs/formats/peft-adapter.md).
/// </summary>
internal sealed class LoraAdapter
{
    private readonly LoraModules _modules;

    private LoraAdapter(LoraConfig config, LoraModules modules, IEnumerable<LoraLayer> layers, IEnumerable<ParameterInfo> saved, Func<ParameterInfo, float[]> values)
    {
        Config = config;
        _modules = modules;
        Layers = [.. layers];
        Saved = [.. saved.Select(info => KeyValuePair.Create(info, values(info)))];
    }

    /// <summary>The configuration.</summary>
    public LoraConfig Config { get; }

    /// <summary>The layers with low-rank matrices, in the model's order.</summary>
    public IReadOnlyList<LoraLayer> Layers { get; }

    /// <summary>The parameters that replace the model's, with their values, in the model's order.</summary>
    public IReadOnlyList<KeyValuePair<ParameterInfo, float[]>> Saved { get; }

    /// <summary>A new adapter, which changes nothing yet: B is zero, and what is stored whole is the model's.</summary>
    /// <param name="config">What it changes.</param>
    /// <param name="model">The model's configuration.</param>
    /// <param name="head">The model's head.</param>
    /// <param name="parameters">The model's weights.</param>
    /// <param name="seed">Seed of A.</param>
    /// <exception cref="CheckpointException">The configuration chooses nothing, or something that is no linear layer.</exception>
    public static LoraAdapter Create(LoraConfig config, BertConfig model, HeadKind head, ModelParameters parameters, ulong seed)
    {
        LoraModules modules = new(config, model, head, AdapterFile.ConfigName);
        IEnumerable<LoraLayer> layers = modules.Targets.Select((target, i) => LoraLayer.Create(target, SplitMix64.Derive(seed, (ulong)i)));
        return new LoraAdapter(config, modules, layers, modules.Saved, info =>
        {
            float[] values = new float[info.Count];
            parameters[info.Name].CopyValues(0, values);
            return values;
        });
    }

    /// <summary>Reads an adapter of a model.</summary>
    /// <param name="folder">The folder with <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</param>
    /// <param name="model">The model's configuration.</param>
    /// <param name="head">The model's head.</param>
    /// <exception cref="CheckpointException">A file is missing or damaged, an option is not supported, or a tensor is missing, of another shape, or of no chosen layer.</exception>
    public static LoraAdapter Load(string folder, BertConfig model, HeadKind head)
    {
        string file = Path.Combine(folder, AdapterFile.ConfigName);
        LoraConfig config = LoraConfigJson.Read(JsonFile.ReadText(file), file);
        LoraModules modules = new(config, model, head, file);
        using AdapterFile stored = new(Path.Combine(folder, AdapterFile.WeightsName));

        // PEFT trains these biases but, since their layers are wrapped, forgets to store them: then the model's stay.
        IEnumerable<ParameterInfo> saved = modules.Saved.Where(info => config.Bias != LoraBias.LoraOnly || !modules.IsWrapped(info) || stored.Has(info.Name, AdapterFile.Part.Whole));
        IEnumerable<LoraLayer> layers = modules.Targets.Select(target => new LoraLayer(
            target,
            stored.Take(target.Weight.Name, AdapterFile.Part.A, target.Rank, target.Inputs),
            stored.Take(target.Weight.Name, AdapterFile.Part.B, target.Outputs, target.Rank)));
        LoraAdapter adapter = new(config, modules, layers, saved, info => stored.Take(info.Name, AdapterFile.Part.Whole, info.Shape.AsSpan()));
        stored.RequireNothingLeft();
        return adapter;
    }

    /// <summary>Writes both files: a new folder whole or not at all, into an existing one each file so, the weights last.</summary>
    public void Save(string folder)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(path))
        {
            Write(path);
        }
        else
        {
            AtomicFolder.Create(path, Write);
        }
    }

    private void Write(string folder)
    {
        AtomicFile.WriteText(Path.Combine(folder, AdapterFile.ConfigName), LoraConfigJson.Write(Config));
        IEnumerable<TensorSource> tensors = Layers.SelectMany<LoraLayer, TensorSource>(layer =>
        [
            TensorSource.Of(AdapterFile.NameOf(layer.Target, AdapterFile.Part.A), layer.A, layer.Target.Rank, layer.Target.Inputs),
            TensorSource.Of(AdapterFile.NameOf(layer.Target, AdapterFile.Part.B), layer.B, layer.Target.Outputs, layer.Target.Rank),
        ]).Concat(Saved.Select(saved => TensorSource.Of(AdapterFile.NameOf(_modules.Path(saved.Key), _modules.IsWrapped(saved.Key)), saved.Value, saved.Key.Shape.AsSpan())));
        CheckpointWriter.Save(Path.Combine(folder, AdapterFile.WeightsName), tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal));
    }
}
