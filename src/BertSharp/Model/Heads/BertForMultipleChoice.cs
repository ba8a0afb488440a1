namespace BertSharp;

/// <summary>
/// Which of several choices fits: each is a sequence of its own with one score (Devlin et al. 2018, section 4.4;
/// <c>…ForMultipleChoice</c>).
/// </summary>
public sealed class BertForMultipleChoice : PreTrainedModel
{
    private readonly PredictionHead _head;

    private BertForMultipleChoice(LoadedModel source)
        : base(source) =>
        _head = HeadLayers.Choice(Config, Parameters);

    /// <summary>Loads a checkpoint of any family that has this head.</summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, a file is damaged, or a tensor of encoder or head is missing or of another shape.</exception>
    public static BertForMultipleChoice Load(string path, WeightFormat? weights = null) => new(Read(path, HeadKind.MultipleChoice, weights));

    /// <summary>
    /// Loads an encoder to be trained: with the checkpoint's head where it has one, else with a new one, random (a normal
    /// distribution of deviation <see cref="BertConfig.InitializerRange"/>, biases 0; so also a pooler that the checkpoint has not).
    /// The weights are held in float32.
    /// </summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="newHeadSeed">The seed of a new head.</param>
    /// <exception cref="CheckpointException">Nothing is there, a file is damaged, the family has no such head, or a tensor of the encoder is missing or of another shape.</exception>
    public static BertForMultipleChoice Load(string path, ulong newHeadSeed) => new(ReadForTraining(path, HeadKind.MultipleChoice, null, null, newHeadSeed));

    /// <summary>A model with random weights, the same for the same seed.</summary>
    /// <exception cref="ArgumentException">The family has no such head.</exception>
    public static BertForMultipleChoice Create(BertConfig config, ulong seed = 0) => new(Random(config, HeadKind.MultipleChoice, seed));

    /// <summary>Runs a batch.</summary>
    /// <param name="batch">Packed sequences: the choices of the first group, of the second, …</param>
    /// <param name="choices">Sequences of each group.</param>
    /// <param name="options">What to keep of the encoder beside its last hidden state.</param>
    /// <param name="progress">Receives the number of sequences done, on this thread, from time to time and at the end.</param>
    /// <param name="cancellation">Checked between layers.</param>
    /// <returns>Logits [B / choices, choices].</returns>
    /// <exception cref="ArgumentException">An id, type, position or length does not fit the configuration, or the sequences are not whole groups.</exception>
    public HeadOutput Forward(TokenBatch batch, int choices, ForwardOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        HeadOutput output = new();
        Forward(batch, choices, output, options, progress, cancellation);
        return output;
    }

    /// <summary>The same into a result that the caller keeps: once warm, it allocates nothing.</summary>
    public void Forward(TokenBatch batch, int choices, HeadOutput output, ForwardOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        if (choices < 1 || batch.Count % choices != 0)
        {
            throw new ArgumentException($"{batch.Count} sequences are not groups of {choices} choices.", nameof(choices));
        }

        Encode(batch.Packed, output.Encoder, pooler: true, options, progress, cancellation);
        PredictSequences(_head, output.Encoder, output.Rows, cancellation);
        output.Rows.Resize(batch.Count / choices, choices);
    }

    /// <summary>Cross entropy, the mean over labels that are not −100 (NaN where all are).</summary>
    /// <param name="output">What a forward pass of this model gave.</param>
    /// <param name="labels">[B / choices] the right choice of each group, from 0.</param>
    /// <exception cref="ArgumentException">There is not one label a group, or a label is no choice.</exception>
    public double Loss(HeadOutput output, ReadOnlySpan<int> labels) => Losses.CrossEntropy(output.Logits.Values.Span, output.Logits.Columns, labels);
}
