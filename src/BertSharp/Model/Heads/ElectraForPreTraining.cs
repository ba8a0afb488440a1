namespace BertSharp;

/// <summary>
/// ELECTRA's discriminator: whether each token was replaced (Clark et al. 2020, section 2; <c>ElectraForPreTraining</c>).
/// Gives logits [T, 1]: above 0 where a token looks replaced.
/// </summary>
public sealed class ElectraForPreTraining : HeadModel<HeadOutput>
{
    private readonly PredictionHead _head;

    private ElectraForPreTraining(LoadedModel source)
        : base(source) =>
        _head = HeadLayers.Discriminator(Config, Parameters);

    /// <summary>Loads a checkpoint of any family that has this head.</summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, a file is damaged, or a tensor of encoder or head is missing or of another shape.</exception>
    public static ElectraForPreTraining Load(string path, WeightFormat? weights = null) => new(Read(path, HeadKind.Discriminator, weights));

    /// <summary>A model with random weights, the same for the same seed.</summary>
    /// <exception cref="ArgumentException">The family has no such head.</exception>
    public static ElectraForPreTraining Create(BertConfig config, ulong seed = 0) => new(Random(config, HeadKind.Discriminator, seed));

    /// <summary>Binary cross entropy, the mean over all tokens of the batch, which holds no padding (NaN without any).</summary>
    /// <param name="output">What a forward pass of this model gave.</param>
    /// <param name="labels">[T] 1 where a token was replaced, else 0.</param>
    /// <exception cref="ArgumentException">There is not one label a token.</exception>
    public double Loss(HeadOutput output, ReadOnlySpan<int> labels)
    {
        float[] numbers = new float[labels.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = labels[i];
        }

        return Losses.BinaryCrossEntropy(output.Logits.Values.Span, numbers);
    }

    private protected override void Run(TokenBatch batch, HeadOutput output, ForwardOptions? options, IProgress<int>? progress, CancellationToken cancellation)
    {
        Encode(batch.Packed, output.Encoder, pooler: true, options, progress, cancellation);
        PredictTokens(_head, output.Encoder, output.Rows, cancellation);
    }
}
