namespace BertSharp;

/// <summary>
/// What stands behind the encoder while it is trained: from a micro-batch's hidden states to a term of the loss and its
/// gradient.
/// </summary>
internal abstract class TrainingStage : IDisposable
{
    /// <summary>The name of the term.</summary>
    public abstract string Name { get; }

    /// <summary>The term so far, of the micro-batches that have run.</summary>
    public double Loss { get; protected set; }

    /// <summary>Sequences that belong together: a micro-batch has whole groups.</summary>
    public virtual int GroupSize => 1;

    /// <summary>The parameters of its layers where they are not the model's own; null: it has none.</summary>
    public virtual ModelParameters? Parameters => null;

    /// <summary>Whether the term couples the sequences of a step, so that all of them must have been collected before it is known.</summary>
    public virtual bool IsJoint => false;

    /// <summary>Takes a step's labels.</summary>
    public abstract void Begin(StepLabels labels, PackedTokens step);

    /// <summary>Gets ready for a micro-batch; for one thread.</summary>
    public abstract void Prepare(MicroBatch part, Dropout? dropout);

    /// <summary>Keeps what a joint term needs of a micro-batch; comes before every <see cref="Run"/>.</summary>
    public virtual void Collect(Matrix hidden, Team team)
    {
    }

    /// <summary>Adds the gradient of the term to that of the hidden states.</summary>
    /// <param name="hidden">[T, H] the encoder's output.</param>
    /// <param name="dHidden">[T, H].</param>
    /// <param name="team">The threads that share the work; all of it is done when this returns.</param>
    public abstract void Run(Matrix hidden, Matrix dHidden, Team team);

    /// <inheritdoc/>
    public abstract void Dispose();
}
