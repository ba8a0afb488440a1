namespace BertSharp;

/// <summary>
/// The masked language model: which id stands at each token (Devlin et al. 2018, section 3.1, task 1;
/// <c>BertForMaskedLM</c>, <c>RobertaForMaskedLM</c>, <c>DistilBertForMaskedLM</c>).
/// Gives logits [T, V]. They cost 48 MFLOP a token in BERT-Base: give positions where only some are needed.
/// </summary>
public sealed class BertForMaskedLM : HeadModel<HeadOutput>
{
    private readonly PredictionHead _head;

    private BertForMaskedLM(LoadedModel source)
        : base(source) =>
        _head = HeadLayers.MaskedLanguageModel(Config, Parameters);

    /// <summary>Loads a checkpoint of any family that has this head.</summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, a file is damaged, or a tensor of encoder or head is missing or of another shape.</exception>
    public static BertForMaskedLM Load(string path, WeightFormat? weights = null) => new(Read(path, HeadKind.MaskedLM, weights));

    /// <summary>A model with random weights, the same for the same seed.</summary>
    /// <exception cref="ArgumentException">The family has no such head.</exception>
    public static BertForMaskedLM Create(BertConfig config, ulong seed = 0) => new(Random(config, HeadKind.MaskedLM, seed));

    /// <summary>Runs a batch, and the head on chosen tokens only.</summary>
    /// <param name="batch">Packed sequences.</param>
    /// <param name="positions">Tokens of the batch, 0 … T − 1 over all sequences end to end, in any order.</param>
    /// <param name="options">What to keep of the encoder beside its last hidden state.</param>
    /// <param name="progress">Receives the number of sequences done, on this thread, from time to time and at the end.</param>
    /// <param name="cancellation">Checked between layers.</param>
    /// <returns>Logits [positions, V].</returns>
    /// <exception cref="ArgumentException">An id, type, position or length does not fit the configuration or the batch.</exception>
    public HeadOutput Forward(TokenBatch batch, ReadOnlySpan<int> positions, ForwardOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        HeadOutput output = new();
        Forward(batch, positions, output, options, progress, cancellation);
        return output;
    }

    /// <summary>The same into a result that the caller keeps: once warm, it allocates nothing.</summary>
    public void Forward(TokenBatch batch, ReadOnlySpan<int> positions, HeadOutput output, ForwardOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        BatchRules.CheckPositions(batch, positions, Config);
        Encode(batch.Packed, output.Encoder, pooler: true, options, progress, cancellation);
        PredictTokens(_head, positions, output.Encoder, output.Rows, cancellation);
    }

    /// <summary>Cross entropy, the mean over labels that are not −100 (NaN where all are).</summary>
    /// <param name="output">What a forward pass of this model gave.</param>
    /// <param name="labels">The true id for each row of the logits: of each token [T], or of each chosen one.</param>
    /// <exception cref="ArgumentException">Labels and logits do not fit, or a label is no id.</exception>
    public double Loss(HeadOutput output, ReadOnlySpan<int> labels) =>
        Losses.CrossEntropy(output.Logits.Values.Span, Config.VocabSize, labels);

    private protected override void Run(TokenBatch batch, HeadOutput output, ForwardOptions? options, IProgress<int>? progress, CancellationToken cancellation)
    {
        BatchRules.CheckLogits(batch.TokenCount, Config);
        Encode(batch.Packed, output.Encoder, pooler: true, options, progress, cancellation);
        PredictTokens(_head, output.Encoder, output.Rows, cancellation);
    }
}
