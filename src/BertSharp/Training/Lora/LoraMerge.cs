namespace BertSharp;

/// <summary>
/// An adapter put into a model's own weights, W + s·B·A, so that it costs nothing at inference, and taken out again to the
/// bit: the original values are kept. No pass may run meanwhile.
/// </summary>
internal sealed class LoraMerge
{
    private readonly ReplacedParameters _replaced;

    /// <summary>Merges.</summary>
    /// <param name="adapter">An adapter of this model.</param>
    /// <param name="parameters">The model's weights, changed.</param>
    /// <exception cref="ArgumentException">A layer is held in another format than float32; nothing is changed.</exception>
    public LoraMerge(LoraAdapter adapter, ModelParameters parameters)
    {
        _replaced = new ReplacedParameters(parameters);
        IEnumerable<string> names = adapter.Layers.Select(layer => layer.Target.Weight.Name).Concat(adapter.Saved.Select(saved => saved.Key.Name));
        if (names.Select(name => parameters[name]).FirstOrDefault(parameter => parameter.Format != WeightFormat.Float32) is { } rounded)
        {
            throw new ArgumentException($"{rounded.Name} is held as {rounded.Format}: an adapter is merged into float32 weights; load the model with WeightFormat.Float32.", nameof(parameters));
        }

        foreach (LoraLayer layer in adapter.Layers)
        {
            Add(layer, _replaced.Keep(layer.Target.Weight.Name));
        }

        foreach ((ParameterInfo info, float[] values) in adapter.Saved)
        {
            _replaced.Keep(info.Name).SetRows(0, values);
        }
    }

    /// <summary>Puts the original values back; a second call changes nothing.</summary>
    public void Undo() => _replaced.Undo();

    private static void Add(LoraLayer layer, Parameter weight)
    {
        float[] row = new float[weight.Columns], scratch = new float[weight.Columns];
        for (int i = 0; i < weight.Rows; i++)
        {
            weight.CopyRow(i, row);
            layer.AddTo(i, row, scratch);
            weight.SetRows(i, row);
        }
    }
}
