namespace BertSharp;

/// <summary>
/// Where the answer to a question starts and ends in a text (Devlin et al. 2018, section 4.2;
/// <c>…ForQuestionAnswering</c> of every family).
/// Gives start and end logits, [T] each.
/// </summary>
public sealed class BertForQuestionAnswering : HeadModel<QuestionAnsweringOutput>
{
    private readonly PredictionHead _head;

    private BertForQuestionAnswering(LoadedModel source)
        : base(source) =>
        _head = HeadLayers.Plain("qa_outputs", Parameters);

    /// <summary>Loads a checkpoint of any family that has this head.</summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, a file is damaged, or a tensor of encoder or head is missing or of another shape.</exception>
    public static BertForQuestionAnswering Load(string path, WeightFormat? weights = null) => new(Read(path, HeadKind.QuestionAnswering, weights));

    /// <summary>
    /// Loads an encoder to be trained: with the checkpoint's head where it has one, else with a new one, random (a normal
    /// distribution of deviation <see cref="BertConfig.InitializerRange"/>, biases 0; so also a pooler that the checkpoint has not).
    /// The weights are held in float32.
    /// </summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="newHeadSeed">The seed of a new head.</param>
    /// <exception cref="CheckpointException">Nothing is there, a file is damaged, the family has no such head, or a tensor of the encoder is missing or of another shape.</exception>
    public static BertForQuestionAnswering Load(string path, ulong newHeadSeed) => new(ReadForTraining(path, HeadKind.QuestionAnswering, null, null, newHeadSeed));

    /// <summary>A model with random weights, the same for the same seed.</summary>
    /// <exception cref="ArgumentException">The family has no such head.</exception>
    public static BertForQuestionAnswering Create(BertConfig config, ulong seed = 0) => new(Random(config, HeadKind.QuestionAnswering, seed));

    /// <summary>
    /// The mean of the cross entropies of start and end, each a softmax over the tokens of its sequence and a mean over the
    /// sequences. A position behind the last token does not count, one below 0 is 0; NaN where none counts.
    /// </summary>
    /// <param name="output">What a forward pass of this model gave.</param>
    /// <param name="startPositions">[B] the first token of the answer, counted within its sequence.</param>
    /// <param name="endPositions">[B] the last token of the answer, counted within its sequence.</param>
    /// <exception cref="ArgumentException">There is not one position a sequence.</exception>
    public double Loss(QuestionAnsweringOutput output, ReadOnlySpan<int> startPositions, ReadOnlySpan<int> endPositions) =>
        (SpanLoss(output.StartLogits.Span, output.Encoder, startPositions) + SpanLoss(output.EndLogits.Span, output.Encoder, endPositions)) / 2;

    private static double SpanLoss(ReadOnlySpan<float> logits, BertOutput encoder, ReadOnlySpan<int> positions)
    {
        if (positions.Length != encoder.Count)
        {
            throw new ArgumentException($"There are {positions.Length} positions for {encoder.Count} sequences.", nameof(positions));
        }

        double sum = 0;
        int counted = 0, first = 0;
        for (int i = 0; i < positions.Length; i++)
        {
            int length = encoder.Length(i);
            if (positions[i] < length)
            {
                sum += Losses.NegativeLogLikelihood(logits.Slice(first, length), Math.Max(positions[i], 0));
                counted++;
            }

            first += length;
        }

        return sum / counted;
    }

    private protected override void Run(TokenBatch batch, QuestionAnsweringOutput output, ForwardOptions? options, IProgress<int>? progress, CancellationToken cancellation)
    {
        Encode(batch.Packed, output.Encoder, pooler: true, options, progress, cancellation);
        PredictTokens(_head, output.Encoder, output.Both, cancellation);
        output.Split();
    }
}
