namespace BertSharp;

/// <summary>
/// BERT as it is pretrained: the masked language model and next sentence prediction on one encoder
/// (Devlin et al. 2018, section 3.1; <c>BertForPreTraining</c>).
/// Gives prediction logits [T, V] and relationship logits [B, 2].
/// </summary>
public sealed class BertForPreTraining : HeadModel<PreTrainingOutput>
{
    private readonly PredictionHead _predictions;
    private readonly PredictionHead _seqRelationship;

    private BertForPreTraining(LoadedModel source)
        : base(source)
    {
        _predictions = HeadLayers.MaskedLanguageModel(Config, Parameters);
        _seqRelationship = HeadLayers.Plain("cls.seq_relationship", Parameters);
    }

    /// <summary>Loads a checkpoint of any family that has this head.</summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, a file is damaged, or a tensor of encoder or head is missing or of another shape.</exception>
    public static BertForPreTraining Load(string path, WeightFormat? weights = null) => new(Read(path, HeadKind.PreTraining, weights));

    /// <summary>A model with random weights, the same for the same seed.</summary>
    /// <exception cref="ArgumentException">The family has no such head.</exception>
    public static BertForPreTraining Create(BertConfig config, ulong seed = 0) => new(Random(config, HeadKind.PreTraining, seed));

    /// <summary>Runs a batch, and the masked language model on chosen tokens only.</summary>
    /// <param name="batch">Packed sequences.</param>
    /// <param name="positions">Tokens of the batch, 0 … T − 1 over all sequences end to end, in any order.</param>
    /// <param name="options">What to keep of the encoder beside its last hidden state.</param>
    /// <param name="progress">Receives the number of sequences done, on this thread, from time to time and at the end.</param>
    /// <param name="cancellation">Checked between layers.</param>
    /// <returns>Prediction logits [positions, V] and relationship logits [B, 2].</returns>
    /// <exception cref="ArgumentException">An id, type, position or length does not fit the configuration or the batch.</exception>
    public PreTrainingOutput Forward(TokenBatch batch, ReadOnlySpan<int> positions, ForwardOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        PreTrainingOutput output = new();
        Forward(batch, positions, output, options, progress, cancellation);
        return output;
    }

    /// <summary>The same into a result that the caller keeps: once warm, it allocates nothing.</summary>
    public void Forward(TokenBatch batch, ReadOnlySpan<int> positions, PreTrainingOutput output, ForwardOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        BatchRules.CheckPositions(batch, positions, Config);
        Encode(batch.Packed, output.Encoder, pooler: true, options, progress, cancellation);
        PredictTokens(_predictions, positions, output.Encoder, output.PredictionRows, cancellation);
        PredictSequences(_seqRelationship, output.Encoder, output.RelationshipRows, cancellation);
    }

    /// <summary>The sum of both cross entropies, each the mean over labels that are not −100 (NaN where all of one kind are).</summary>
    /// <param name="output">What a forward pass of this model gave.</param>
    /// <param name="labels">The true id for each row of the prediction logits.</param>
    /// <param name="nextSentenceLabels">[B] 0 where the second text follows the first, 1 where it is random.</param>
    /// <exception cref="ArgumentException">Labels and logits do not fit, or a label is out of range.</exception>
    public double Loss(PreTrainingOutput output, ReadOnlySpan<int> labels, ReadOnlySpan<int> nextSentenceLabels) =>
        Losses.CrossEntropy(output.PredictionLogits.Values.Span, Config.VocabSize, labels)
        + Losses.CrossEntropy(output.SeqRelationshipLogits.Values.Span, 2, nextSentenceLabels);

    private protected override void Run(TokenBatch batch, PreTrainingOutput output, ForwardOptions? options, IProgress<int>? progress, CancellationToken cancellation)
    {
        BatchRules.CheckLogits(batch.TokenCount, Config);
        Encode(batch.Packed, output.Encoder, pooler: true, options, progress, cancellation);
        PredictTokens(_predictions, output.Encoder, output.PredictionRows, cancellation);
        PredictSequences(_seqRelationship, output.Encoder, output.RelationshipRows, cancellation);
    }
}
