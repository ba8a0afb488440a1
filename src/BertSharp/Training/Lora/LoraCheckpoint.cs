using System.Text.Json.Nodes;

namespace BertSharp;

/// <summary>Merges an adapter of PEFT, or of <see cref="FineTuning"/>, into the checkpoint that it was trained on.</summary>
public static class LoraCheckpoint
{
    /// <summary>
    /// Writes the merged model: W + s·B·A in float32, rounded to the checkpoint's float type; its other files are copied. A head that
    /// the adapter stores takes the place of the checkpoint's.
    /// </summary>
    /// <param name="model">The checkpoint: a folder, a file or a Hub name.</param>
    /// <param name="adapter">The folder with <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</param>
    /// <param name="destination">A folder that does not exist yet, or is empty.</param>
    /// <param name="labels">The names of a classifier's labels, which an adapter does not store; null: the checkpoint's where it has as many, else LABEL_0 and so on.</param>
    /// <param name="progress">Is told the share that is written, 0 to 1.</param>
    /// <param name="cancellation">Checked between pieces; nothing is left where it is cancelled.</param>
    /// <exception cref="CheckpointException">A file is missing or damaged, adapter and checkpoint do not belong together, or the destination is taken.</exception>
    /// <exception cref="ArgumentException">There are not as many labels as the classifier has outputs.</exception>
    public static void Merge(string model, string adapter, string destination, IReadOnlyList<string>? labels = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        using Checkpoint checkpoint = Checkpoint.Open(model);
        (BertConfig config, HeadKind head) = Describe(checkpoint, adapter, labels);
        LoraAdapter loaded = LoraAdapter.Load(adapter, config, head);
        TensorType type = checkpoint.TryFind("bert.embeddings.word_embeddings.weight", out TensorInfo words) && words.DataType.IsFloat() ? words.DataType : TensorType.Float32;
        Dictionary<string, LoraLayer> layers = loaded.Layers.ToDictionary(layer => layer.Target.Weight.Name);
        Dictionary<string, float[]> saved = loaded.Saved.ToDictionary(one => one.Key.Name, one => one.Value);
        StoredTensor[] tensors = [.. ParameterList.Of(config, head).Select(info => StoredTensor.Of(
            new TensorSource(ParameterNames.Stored(info.Name, config.ModelType, withPrefix: head != HeadKind.None), info.Shape, FillOf(checkpoint, info, layers.GetValueOrDefault(info.Name), saved.GetValueOrDefault(info.Name))), type, adapter))];
        JsonObject written = JsonNode.Parse((config with { Architectures = [Family.Of(config).ArchitectureOf(head)!] }).ToJson(type))!.AsObject();
        CheckpointRewrite.Run(checkpoint, destination, tensors, new SaveOptions { DataType = type, Progress = progress }, json =>
        {
            foreach ((string key, JsonNode? value) in written)
            {
                json[key] = value?.DeepClone();
            }
        }, cancellation);
    }

    /// <summary>The merged model's configuration and head: the adapter's task decides, or else the checkpoint.</summary>
    private static (BertConfig Config, HeadKind Head) Describe(Checkpoint checkpoint, string adapter, IReadOnlyList<string>? labels)
    {
        BertConfig config = BertModel.ConfigOf(checkpoint);
        if (config.QuantizationConfig is not null)
        {
            throw new CheckpointException(checkpoint.Path, "its weights are quantized: expected float weights; merge into the model that it was made of, and quantize the result", "quantization_config");
        }

        string file = Path.Combine(adapter, AdapterFile.ConfigName);
        HeadKind head = LoraConfigJson.Read(JsonFile.ReadText(file), file).Head ?? config.Head;
        if (Family.Of(config).ArchitectureOf(head) is null)
        {
            throw new CheckpointException(file, $"asks for the head {head}, which a {config.ModelType} model has not", "task_type");
        }

        using AdapterFile stored = new(Path.Combine(adapter, AdapterFile.WeightsName));
        bool hasLabels = head is HeadKind.SequenceClassification or HeadKind.TokenClassification;
        int outputs = hasLabels ? stored.OutputsOf("classifier.out_proj.weight") ?? stored.OutputsOf("classifier.weight") ?? config.NumLabels : config.NumLabels;
        if (labels is not null && (!hasLabels || labels.Count != outputs))
        {
            throw new ArgumentException(hasLabels ? $"There are {labels.Count} labels; the classifier has {outputs} outputs." : "The merged model has no labels.", nameof(labels));
        }

        return (config with { Id2Label = labels ?? (outputs == config.NumLabels ? config.Id2Label : [.. Enumerable.Range(0, outputs).Select(i => $"LABEL_{i}")]) }, head);
    }

    private static TensorFill FillOf(Checkpoint checkpoint, ParameterInfo info, LoraLayer? layer, float[]? whole)
    {
        if (whole is not null)
        {
            return TensorSource.Of(info.Name, whole, info.Shape.AsSpan()).Fill;
        }

        if (!checkpoint.TryFind(info.Name, out TensorInfo tensor) || !tensor.Shape.SequenceEqual(info.Shape))
        {
            throw new CheckpointException(checkpoint.Path, $"expected shape {info.ShapeText}, found {tensor?.ShapeText ?? "no such tensor"}; neither the model nor the adapter has it", info.Name);
        }

        return layer is null
            ? (first, values) => checkpoint.ReadElements(tensor, first, values)
            : (first, values) => FillMerged(checkpoint, tensor, layer, first, values);
    }

    private static void FillMerged(Checkpoint checkpoint, TensorInfo tensor, LoraLayer layer, long first, Span<float> values)
    {
        int inputs = layer.Target.Inputs;
        float[] row = new float[inputs], scratch = new float[inputs];
        while (!values.IsEmpty)
        {
            (long number, long start) = Math.DivRem(first, inputs);
            checkpoint.ReadElements(tensor, number * inputs, row);
            layer.AddTo((int)number, row, scratch);
            int count = Math.Min(values.Length, inputs - (int)start);
            row.AsSpan((int)start, count).CopyTo(values);
            first += count;
            values = values[count..];
        }
    }
}
