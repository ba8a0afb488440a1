namespace BertSharp;

/// <summary>
/// A class for each token, as in named entity recognition (Devlin et al. 2018, section 5.3;
/// <c>…ForTokenClassification</c> of every family).
/// Gives logits [T, labels].
/// </summary>
public sealed class BertForTokenClassification : HeadModel<HeadOutput>
{
    private readonly PredictionHead _head;

    private BertForTokenClassification(LoadedModel source)
        : base(source) =>
        _head = HeadLayers.Plain("classifier", Parameters);

    /// <summary>Loads a checkpoint of any family that has this head.</summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, a file is damaged, or a tensor of encoder or head is missing or of another shape.</exception>
    public static BertForTokenClassification Load(string path, WeightFormat? weights = null) => new(Read(path, HeadKind.TokenClassification, weights));

    /// <summary>
    /// Loads an encoder to be trained for labels of your own: with the checkpoint's head where it has one for just these labels, else
    /// with a new one, random (a normal distribution of deviation <see cref="BertConfig.InitializerRange"/>, biases 0; so also a
    /// pooler that the checkpoint has not). The weights are held in float32.
    /// </summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="labels">The names of the labels, in the order of their ids.</param>
    /// <param name="newHeadSeed">The seed of a new head.</param>
    /// <exception cref="CheckpointException">Nothing is there, a file is damaged, the family has no such head, or a tensor of the encoder is missing or of another shape.</exception>
    public static BertForTokenClassification Load(string path, IReadOnlyList<string> labels, ulong newHeadSeed = 0) =>
        new(ReadForTraining(path, HeadKind.TokenClassification, labels, null, newHeadSeed));

    /// <summary>A model with random weights, the same for the same seed.</summary>
    /// <exception cref="ArgumentException">The family has no such head.</exception>
    public static BertForTokenClassification Create(BertConfig config, ulong seed = 0) => new(Random(config, HeadKind.TokenClassification, seed));

    /// <summary>Cross entropy, the mean over labels that are not −100 (NaN where all are).</summary>
    /// <param name="output">What a forward pass of this model gave.</param>
    /// <param name="labels">[T] the class of each token.</param>
    /// <exception cref="ArgumentException">There is not one label a token, or a label is no class.</exception>
    public double Loss(HeadOutput output, ReadOnlySpan<int> labels) => Losses.CrossEntropy(output.Logits.Values.Span, Config.NumLabels, labels);

    private protected override void Run(TokenBatch batch, HeadOutput output, ForwardOptions? options, IProgress<int>? progress, CancellationToken cancellation)
    {
        Encode(batch.Packed, output.Encoder, pooler: true, options, progress, cancellation);
        PredictTokens(_head, output.Encoder, output.Rows, cancellation);
    }
}
