namespace BertSharp;

/// <summary>An encoder with a head on it: the two ways to run a batch, which every head shares.</summary>
/// <typeparam name="TOutput">What the head gives; each class says the shapes.</typeparam>
public abstract class HeadModel<TOutput> : PreTrainedModel
    where TOutput : class, new()
{
    private protected HeadModel(LoadedModel source)
        : base(source)
    {
    }

    /// <summary>Runs a batch.</summary>
    /// <param name="batch">Packed sequences.</param>
    /// <param name="options">What to keep of the encoder beside its last hidden state.</param>
    /// <param name="progress">Receives the number of sequences done, on this thread, from time to time and at the end.</param>
    /// <param name="cancellation">Checked between layers.</param>
    /// <exception cref="ArgumentException">An id, type, position or length does not fit the configuration.</exception>
    public TOutput Forward(TokenBatch batch, ForwardOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        TOutput output = new();
        Forward(batch, output, options, progress, cancellation);
        return output;
    }

    /// <summary>The same into a result that the caller keeps: once warm, it allocates nothing.</summary>
    public void Forward(TokenBatch batch, TOutput output, ForwardOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        Run(batch, output, options, progress, cancellation);

    private protected abstract void Run(TokenBatch batch, TOutput output, ForwardOptions? options, IProgress<int>? progress, CancellationToken cancellation);
}
