namespace BertSharp;

/// <summary>
/// Whether the second text follows the first (0) or is random (1) (Devlin et al. 2018, section 3.1, task 2;
/// <c>BertForNextSentencePrediction</c>).
/// Gives logits [B, 2]: 0 = is the next sentence, 1 = random.
/// </summary>
public sealed class BertForNextSentencePrediction : HeadModel<HeadOutput>
{
    private readonly PredictionHead _head;

    private BertForNextSentencePrediction(LoadedModel source)
        : base(source) =>
        _head = HeadLayers.Plain("cls.seq_relationship", Parameters);

    /// <summary>Loads a checkpoint of any family that has this head.</summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, a file is damaged, or a tensor of encoder or head is missing or of another shape.</exception>
    public static BertForNextSentencePrediction Load(string path, WeightFormat? weights = null) => new(Read(path, HeadKind.NextSentencePrediction, weights));

    /// <summary>A model with random weights, the same for the same seed.</summary>
    /// <exception cref="ArgumentException">The family has no such head.</exception>
    public static BertForNextSentencePrediction Create(BertConfig config, ulong seed = 0) => new(Random(config, HeadKind.NextSentencePrediction, seed));

    /// <summary>Cross entropy, the mean over labels that are not −100 (NaN where all are).</summary>
    /// <param name="output">What a forward pass of this model gave.</param>
    /// <param name="labels">[B] 0 where the second text follows the first, 1 where it is random.</param>
    /// <exception cref="ArgumentException">There is not one label a sequence, or a label is neither 0 nor 1.</exception>
    public double Loss(HeadOutput output, ReadOnlySpan<int> labels) => Losses.CrossEntropy(output.Logits.Values.Span, 2, labels);

    private protected override void Run(TokenBatch batch, HeadOutput output, ForwardOptions? options, IProgress<int>? progress, CancellationToken cancellation)
    {
        Encode(batch.Packed, output.Encoder, pooler: true, options, progress, cancellation);
        PredictSequences(_head, output.Encoder, output.Rows, cancellation);
    }
}
