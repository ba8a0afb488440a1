namespace BertSharp;

/// <summary>The examples of an embedding run, drawn by the step's number alone.</summary>
internal abstract class EmbeddingData : IDisposable
{
    /// <summary>Steps of one pass.</summary>
    public abstract long StepsPerEpoch { get; }

    /// <summary>A hash of all examples.</summary>
    public abstract string Hash { get; }

    /// <summary>The examples of a step.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="cancellation">Stops a teacher that has to be asked.</param>
    public abstract EmbeddingStep Draw(long step, CancellationToken cancellation);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
