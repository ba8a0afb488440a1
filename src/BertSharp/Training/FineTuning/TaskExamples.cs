namespace BertSharp;

/// <summary>A task made ready: the model with its head, and the examples as it reads them.</summary>
/// <param name="Model">The model.</param>
/// <param name="Train">What it learns from.</param>
/// <param name="HeldOut">What it is measured on; null: nothing.</param>
internal sealed record TaskExamples(PreTrainedModel Model, LabelledBatch Train, HeldOutExamples? HeldOut) : IDisposable
{
    /// <summary>Reads a file of examples, and perhaps another to validate by.</summary>
    /// <exception cref="DataFileException">A file holds none.</exception>
    public static (IReadOnlyList<T> Train, IReadOnlyList<T> HeldOut) Read<T>(FineTuningOptions options, Func<string, DataOptions?, IReadOnlyList<T>> read)
    {
        return (Some(options.Data), options.Validation is null ? [] : Some(options.Validation));

        IReadOnlyList<T> Some(string path) => read(path, options.Format) is [_, ..] examples ? examples
            : throw new DataFileException($"{path}: there is no example in it; is this the right file?");
    }

    /// <summary>Makes examples of a model that is freed where they do not fit it.</summary>
    public static TaskExamples Of<TModel>(TModel model, Func<TModel, (LabelledBatch Train, HeldOutExamples? HeldOut)> encode)
        where TModel : PreTrainedModel
    {
        try
        {
            (LabelledBatch train, HeldOutExamples? heldOut) = encode(model);
            return new TaskExamples(model, train, heldOut);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
