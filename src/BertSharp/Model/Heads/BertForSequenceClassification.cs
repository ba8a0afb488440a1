namespace BertSharp;

/// <summary>
/// Scores for whole sequences: one class of several, several labels at once, or numbers (Devlin et al. 2018, section 4.1;
/// <c>…ForSequenceClassification</c> of every family).
/// Gives logits [B, labels].
/// </summary>
public sealed class BertForSequenceClassification : HeadModel<HeadOutput>
{
    private readonly PredictionHead _head;

    private BertForSequenceClassification(LoadedModel source)
        : base(source) =>
        _head = HeadLayers.SequenceClassifier(Config, Parameters);

    /// <summary>Loads a checkpoint of any family that has this head.</summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, a file is damaged, or a tensor of encoder or head is missing or of another shape.</exception>
    public static BertForSequenceClassification Load(string path, WeightFormat? weights = null) => new(Read(path, HeadKind.SequenceClassification, weights));

    /// <summary>The same with a format for each layer.</summary>
    internal static BertForSequenceClassification Load(string path, QuantizationConfig? quantization) => new(Read(path, HeadKind.SequenceClassification, _ => quantization));

    /// <summary>
    /// Loads an encoder to be trained for labels of your own: with the checkpoint's head where it has one for just these labels, else
    /// with a new one, random (a normal distribution of deviation <see cref="BertConfig.InitializerRange"/>, biases 0; so also a
    /// pooler that the checkpoint has not). The weights are held in float32.
    /// </summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="labels">The names of the labels, in the order of their ids.</param>
    /// <param name="problemType"><c>problem_type</c>: regression, single_label_classification, multi_label_classification; null: as transformers infers it.</param>
    /// <param name="newHeadSeed">The seed of a new head.</param>
    /// <exception cref="CheckpointException">Nothing is there, a file is damaged, the family has no such head, or a tensor of the encoder is missing or of another shape.</exception>
    public static BertForSequenceClassification Load(string path, IReadOnlyList<string> labels, string? problemType = null, ulong newHeadSeed = 0) =>
        new(ReadForTraining(path, HeadKind.SequenceClassification, labels, problemType, newHeadSeed));

    /// <summary>A model with random weights, the same for the same seed.</summary>
    /// <exception cref="ArgumentException">The family has no such head.</exception>
    public static BertForSequenceClassification Create(BertConfig config, ulong seed = 0) => new(Random(config, HeadKind.SequenceClassification, seed));

    /// <summary>
    /// The loss for whole-number labels, by <see cref="BertConfig.ProblemType"/> or, where that is null, as transformers infers
    /// it: mean squared error with one label, else cross entropy (the mean over labels that are not −100; NaN where all are).
    /// </summary>
    /// <param name="output">What a forward pass of this model gave.</param>
    /// <param name="labels">[B] classes.</param>
    /// <exception cref="ArgumentException">Labels and logits do not fit, or a label is no class.</exception>
    public double Loss(HeadOutput output, ReadOnlySpan<int> labels)
    {
        if ((Config.ProblemType ?? (Config.NumLabels == 1 ? "regression" : "single_label_classification")) == "single_label_classification")
        {
            return Losses.CrossEntropy(output.Logits.Values.Span, Config.NumLabels, labels);
        }

        float[] numbers = new float[labels.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = labels[i];
        }

        return Loss(output, numbers);
    }

    /// <summary>
    /// The loss for labels that are numbers, by <see cref="BertConfig.ProblemType"/> or, where that is null, as transformers
    /// infers it: mean squared error with one label, else binary cross entropy (several labels at once).
    /// </summary>
    /// <param name="output">What a forward pass of this model gave.</param>
    /// <param name="labels">[B, labels] numbers; for several labels at once 1 where one holds, else 0.</param>
    /// <exception cref="ArgumentException">There is not one number a logit, or the problem_type asks for classes.</exception>
    public double Loss(HeadOutput output, ReadOnlySpan<float> labels) =>
        (Config.ProblemType ?? (Config.NumLabels == 1 ? "regression" : "multi_label_classification")) switch
        {
            "regression" => Losses.MeanSquaredError(output.Logits.Values.Span, labels),
            "multi_label_classification" => Losses.BinaryCrossEntropy(output.Logits.Values.Span, labels),
            string other => throw new ArgumentException($"problem_type {other} takes classes (whole numbers), one a sequence.", nameof(labels)),
        };

    private protected override void Run(TokenBatch batch, HeadOutput output, ForwardOptions? options, IProgress<int>? progress, CancellationToken cancellation)
    {
        Encode(batch.Packed, output.Encoder, pooler: true, options, progress, cancellation);
        PredictSequences(_head, output.Encoder, output.Rows, cancellation);
    }
}
