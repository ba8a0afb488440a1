namespace BertSharp;

/// <summary>
/// An adapter that is trained beside its model: forward passes, validation included, add it without merging. What it stores
/// whole stands in the model's own parameters meanwhile; <see cref="Dispose"/> leaves the model as it was, to the bit.
/// </summary>
internal sealed class LoraTraining : IDisposable
{
    // No step has this number: what is drawn here has nothing to do with what steps draw.
    private const ulong SeedOfFactors = 1UL << 63;

    private readonly LoraAdapter _adapter;
    private readonly PreTrainedModel _model;
    private readonly ReplacedParameters _replaced;
    private readonly HashSet<string> _saved;
    private readonly LowRank[] _layers;
    private readonly Arena _room = new(0);

    /// <summary>Puts an adapter beside a model.</summary>
    /// <param name="model">The model, in float32; its memory is kept until <see cref="Dispose"/>.</param>
    /// <param name="adapter">Its adapter, new or read; <see cref="Store"/> brings it up to date.</param>
    public LoraTraining(PreTrainedModel model, LoraAdapter adapter)
    {
        (_model, _adapter, _replaced) = (model, adapter, new ReplacedParameters(model.Parameters));
        bool held = false;
        model.Parameters.Hold(ref held);
        _saved = [.. adapter.Saved.Select(saved => saved.Key.Name)];
        Dictionary<string, float[]> values = [];
        List<ParameterInfo> factors = [];
        foreach (LoraLayer layer in adapter.Layers)
        {
            LoraTarget target = layer.Target;
            factors.Add(target.Weight with { Name = NameOf(target, 'A'), Shape = [target.Rank, target.Inputs] });
            factors.Add(target.Weight with { Name = NameOf(target, 'B'), Shape = [target.Outputs, target.Rank] });
            values.Add(factors[^2].Name, layer.A);
            values.Add(factors[^1].Name, layer.B);
        }

        Parameters = new ModelParameters(factors, (info, row, rows) => values[info.Name].AsSpan(row * (int)info.Shape[1], rows.Length).CopyTo(rows));
        _layers = [.. adapter.Layers.Select((layer, number) => new LowRank(Parameters[NameOf(layer.Target, 'A')], Parameters[NameOf(layer.Target, 'B')], layer.Target.Scale, number))];
        for (int i = 0; i < _layers.Length; i++)
        {
            model.Parameters[adapter.Layers[i].Target.Weight.Name].LowRank = _layers[i];
        }

        foreach ((ParameterInfo info, float[] whole) in adapter.Saved)
        {
            _replaced.Keep(info.Name).SetRows(0, whole);
        }
    }

    /// <summary>Puts a new adapter beside a model.</summary>
    /// <param name="model">The model, in float32.</param>
    /// <param name="config">What is to be adapted; what it leaves open is filled in.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <exception cref="CheckpointException">The configuration chooses nothing, or something that is no linear layer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of it means nothing.</exception>
    public static LoraTraining Create(PreTrainedModel model, LoraConfig config, ulong seed) =>
        new(model, LoraAdapter.Create(config.For(model), model.Config, model.Head, model.Parameters, SplitMix64.Derive(seed, SeedOfFactors)));

    /// <summary>The factors A and B.</summary>
    public ModelParameters Parameters { get; }

    /// <summary>What the configuration says.</summary>
    public LoraConfig Config => _adapter.Config;

    /// <summary>Whether a parameter is a factor, or is stored whole; all others are frozen.</summary>
    public bool IsTrained(ParameterInfo info) => _saved.Contains(info.Name) || Parameters.Find(info.Name) is not null;

    /// <summary>Makes room for a backward pass over <paramref name="tokens"/> tokens; the layers share it.</summary>
    public void Reserve(int tokens)
    {
        int rank = _layers.Max(layer => layer.Rank);
        _room.Reset(2 * Arena.MatrixSize(tokens, rank));
        (Matrix inner, Matrix dInner) = (_room.TakeMatrix(tokens, rank), _room.TakeMatrix(tokens, rank));
        foreach (LowRank layer in _layers)
        {
            (layer.Inner, layer.DInner) = (inner, dInner);
        }
    }

    /// <summary>The adapter with the values that training has come to.</summary>
    public LoraAdapter Store()
    {
        foreach (LoraLayer layer in _adapter.Layers)
        {
            Parameters[NameOf(layer.Target, 'A')].CopyValues(0, layer.A);
            Parameters[NameOf(layer.Target, 'B')].CopyValues(0, layer.B);
        }

        foreach ((ParameterInfo info, float[] values) in _adapter.Saved)
        {
            _model.Parameters[info.Name].CopyValues(0, values);
        }

        return _adapter;
    }

    /// <summary>Saves a model; with an adapter merged, so that it loads as any other, and the adapter itself in <c>adapter</c> below.</summary>
    /// <param name="lora">The adapter beside the model; null: there is none.</param>
    /// <param name="folder">A new folder.</param>
    /// <param name="save">Saves the model there.</param>
    public static void Save(LoraTraining? lora, string folder, Action<string> save)
    {
        if (lora is null)
        {
            save(folder);
            return;
        }

        LoraMerge merge = new(lora.Store(), lora._model.Parameters);
        try
        {
            save(folder);
        }
        finally
        {
            merge.Undo();
        }

        lora._adapter.Save(Path.Combine(folder, AdapterFolder));
    }

    /// <summary>Takes the adapter away from the model.</summary>
    public void Dispose()
    {
        foreach (LoraLayer layer in _adapter.Layers)
        {
            _model.Parameters[layer.Target.Weight.Name].LowRank = null;
        }

        _replaced.Undo();
        _model.Parameters.Release();
        Parameters.Dispose();
        _room.Dispose();
    }

    /// <summary>Where a trained model has its adapter.</summary>
    internal const string AdapterFolder = "adapter";

    private static string NameOf(LoraTarget target, char factor) => $"{target.Weight.Name[..^".weight".Length]}.lora_{factor}.weight";
}
