namespace BertSharp.Tests;

/// <summary>Adapters with values everywhere, beside small models.</summary>
internal static class SmallAdapters
{
    /// <summary>Puts a new adapter whose B is not zero beside a model.</summary>
    public static LoraTraining Attach(PreTrainedModel model, LoraConfig config)
    {
        LoraAdapter adapter = LoraAdapter.Create(config, model.Config, model.Head, model.Parameters, seed: 9);
        int seed = 0;
        foreach (LoraLayer layer in adapter.Layers)
        {
            Numbers.Fill(layer.B, seed++);
        }

        return new LoraTraining(model, adapter);
    }

    /// <summary>Number and factor of each layer by its canonical path.</summary>
    public static Dictionary<string, (int Number, double Scale)> Paths(PreTrainedModel model, LoraTraining lora) => lora.Store().Layers
        .Select((layer, number) => (Path: layer.Target.Weight.Name[..^".weight".Length], Number: number, layer.Target.Scale))
        .Where(layer => model.Parameters[layer.Path + ".weight"].LowRank is not null)
        .ToDictionary(layer => layer.Path, layer => (layer.Number, (double)layer.Scale));

    /// <summary>The values of a parameter or gradient, row-major.</summary>
    public static float[] Values(Parameter parameter)
    {
        float[] values = new float[parameter.Rows * parameter.Columns];
        parameter.CopyValues(0, values);
        return values;
    }
}
