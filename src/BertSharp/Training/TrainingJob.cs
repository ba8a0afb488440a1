namespace BertSharp;

/// <summary>
/// What a <c>Trainer</c> trains: it draws the examples of a step by the step's number alone, and gives the gradient of their
/// loss. It holds no state that a resumed run would need.
/// </summary>
internal abstract class TrainingJob : IDisposable
{
    /// <summary>What is trained; frozen parameters are left out.</summary>
    public abstract IReadOnlyList<TrainedParameter> Parameters { get; }

    /// <summary>Steps of one pass over the examples.</summary>
    public abstract long StepsPerEpoch { get; }

    /// <summary>What <see cref="Validate"/> decides by; null where nothing is held out.</summary>
    public abstract string? Metric { get; }

    /// <summary>
    /// What must not change when a run is resumed, by name: a hash of the data, sizes of the model, options of the job.
    /// </summary>
    public abstract IReadOnlyDictionary<string, string> Identity { get; }

    /// <summary>
    /// Replaces the gradients by those of a step's loss, the mean over the labelled items of all its examples.
    /// </summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="cancellation">Checked between micro-batches; the gradients are undefined then.</param>
    public abstract StepLoss ComputeGradients(long step, CancellationToken cancellation);

    /// <summary>Measures the model as it is on held-out examples; null where there are none.</summary>
    public abstract Validation? Validate(CancellationToken cancellation);

    /// <summary>Saves the model as it is.</summary>
    /// <param name="folder">A new folder, or one that was saved before.</param>
    public abstract void Save(string folder);

    /// <inheritdoc/>
    public abstract void Dispose();
}
