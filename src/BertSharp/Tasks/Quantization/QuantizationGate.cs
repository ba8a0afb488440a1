namespace BertSharp;

/// <summary>
/// Finds out, on data of the user's own, which layers of a model can be held in fewer bytes: all of them, or, where the answers
/// move too far from those of the float32 model, all but the most sensitive ones.
/// </summary>
public sealed class QuantizationGate
{
    /// <summary>The most sequences on which single layers are measured.</summary>
    private const int SampleSize = 128;

    private readonly QuantizationMeasure _measure;
    private readonly TokenBatch _data;
    private readonly TokenBatch _sample;

    private QuantizationGate(QuantizationMeasure measure, TokenBatch data)
    {
        _measure = measure;
        _data = data;
        int step = (data.Count + SampleSize - 1) / SampleSize;
        _sample = step == 1 ? data : data.Select([.. Enumerable.Range(0, data.Count).Where(i => i % step == 0)]);
    }

    /// <summary>What is measured, in words.</summary>
    public string Measure => _measure.Name;

    /// <summary>
    /// Reads data for a model: sentence-transformers folders are measured by their embeddings, sequence classifiers by their
    /// labels, others by the hidden states of the tokens.
    /// </summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="data">Texts, or pairs of texts; a sentence-transformers model takes the texts of a pair one by one.</param>
    /// <exception cref="ArgumentException">There is no text, or some have a second text and others have not.</exception>
    /// <exception cref="CheckpointException">Nothing is there, or a file is damaged.</exception>
    /// <exception cref="TokenizerException">A file of the tokenizer is damaged.</exception>
    public static QuantizationGate Open(string path, IReadOnlyList<(string Text, string? TextPair)> data)
    {
        int pairs = data.Count(item => item.TextPair is not null);
        if (data.Count == 0 || (pairs > 0 && pairs < data.Count))
        {
            throw new ArgumentException(data.Count == 0
                ? "There is no text to measure on; give texts of the kind that the model will see, some hundreds if there are."
                : $"{pairs} of {data.Count} texts have a second text; expected all or none.", nameof(data));
        }

        QuantizationMeasure measure = QuantizationMeasure.For(ModelFolder.Resolve(path));
        return new QuantizationGate(measure, measure.Encode(data));
    }

    /// <summary>Returns layers to float32, the most sensitive first, until the drop is at most <paramref name="maxDrop"/>.</summary>
    /// <param name="weights">The format.</param>
    /// <param name="maxDrop">The largest drop: what it counts, <see cref="Measure"/> says.</param>
    /// <param name="keep">Layers that stay float32 in any case.</param>
    /// <param name="progress">Is told how many texts went through a model, and the share of the whole.</param>
    /// <param name="cancellation">Checked between layers.</param>
    /// <exception cref="ArgumentException"><paramref name="maxDrop"/> is negative or NaN, or the format is float32.</exception>
    public QuantizationPlan Find(WeightFormat weights, double maxDrop, IReadOnlyList<string>? keep = null, IProgress<QuantizationProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (!(maxDrop >= 0) || weights == WeightFormat.Float32)
        {
            throw new ArgumentException(maxDrop >= 0 ? "Float32 is no format of fewer bytes." : $"The largest drop is {maxDrop}; expected at least 0.", nameof(maxDrop));
        }

        QuantizationConfig config = new(weights) { ModulesToNotConvert = [.. keep ?? []] };
        string[] modules = [.. _measure.Modules.Except(config.ModulesToNotConvert)];
        return new QuantizationSearch(_measure, _data, _sample, config, modules, maxDrop, progress, cancellation).Run();
    }
}
