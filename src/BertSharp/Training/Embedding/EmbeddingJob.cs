using System.Globalization;

namespace BertSharp;

/// <summary>Trains a sentence-transformers model: encoder, and dense layers where it has some. The examples of a step follow from its number.</summary>
internal sealed class EmbeddingJob : TrainingJob
{
    /// <summary>float32 values of activations that a micro-batch may take (1 GiB): in one micro-batch the step runs forward once.</summary>
    private const long ActivationValues = 1L << 28;

    private readonly SentenceEmbedder _embedder;
    private readonly EmbeddingData _data;
    private readonly IReadOnlyList<ScoredPair> _heldOut;
    private readonly LoraTraining? _lora;
    private readonly TrainingPass _pass;
    private readonly ulong _seed;
    private readonly Dictionary<string, string> _identity;

    /// <summary>Takes a model over.</summary>
    /// <param name="embedder">The model; it is saved as it becomes.</param>
    /// <param name="data">Its examples.</param>
    /// <param name="heldOut">Pairs by which it is validated; none: it is not.</param>
    /// <param name="options">Loss and batch size.</param>
    /// <param name="training">Frozen parameters and the seed.</param>
    /// <exception cref="ArgumentException">Model, data and options do not fit.</exception>
    public EmbeddingJob(SentenceEmbedder embedder, EmbeddingData data, IReadOnlyList<ScoredPair> heldOut, EmbeddingTrainingOptions options, TrainingOptions training)
    {
        (_embedder, _data, _heldOut, _seed) = (embedder, data, heldOut, training.Seed);
        if (!embedder.Config.IncludePrompt && embedder.Config.DefaultPromptName is { } prompt)
        {
            throw new ArgumentException($"The model puts the prompt '{prompt}' before a text and leaves it out of the pooling, which training does not: take default_prompt_name out of its config_sentence_transformers.json.");
        }

        _identity = IdentityOf(options);
        NamePatterns frozen = new(training.Freeze);
        frozen.RequireUse([.. embedder.Model.ParameterList.Concat(embedder.Modules.Parameters?.List ?? []).Select(parameter => parameter.Name)]);
        BertConfig config = embedder.Model.Config;
        EmbeddingStage stage = new(embedder.Modules, embedder.Config.Normalize, config.HiddenSize, options.CreateLoss());
        if (options.Lora is { } lora)
        {
            _lora = LoraTraining.Create(embedder.Model, lora, _seed);
            _identity.Add("Lora", LoraConfigJson.Write(_lora.Config));
        }

        DropoutProbabilities dropouts = TrainingStages.DropoutOf(embedder.Model, training.Dropout) with { Adapter = (float)(_lora?.Config.Dropout ?? 0) };
        _pass = new TrainingPass(embedder.Model, [stage], dropouts, new TrainingPassOptions
        {
            Lora = _lora,
            MicroBatchTokens = training.MicroBatchTokens ?? (int)Math.Clamp(ActivationValues / (config.NumHiddenLayers * Activations.KeptSize(1, config.HiddenSize, config.IntermediateSize)), 512, 1 << 16),
            Recompute = training.Recompute,

            // BERT's pooler is not on the way to an embedding; an adapter changes the encoder, dense layers behind it are trained whole.
            IsTrained = parameter => parameter.Part != ParameterPart.Pooler && (parameter.Part == ParameterPart.Head || _lora?.IsTrained(parameter) != false) && !frozen.Match(parameter.Name),
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TrainedParameter> Parameters => _pass.Gradients.Trained;

    /// <inheritdoc/>
    public override long StepsPerEpoch => _data.StepsPerEpoch;

    /// <inheritdoc/>
    public override string? Metric => _heldOut.Count == 0 ? null : "spearman";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Identity => _identity;

    /// <inheritdoc/>
    public override StepLoss ComputeGradients(long step, CancellationToken cancellation)
    {
        EmbeddingStep examples = _data.Draw(step, cancellation);
        StepLabels labels = new() { Texts = examples.Columns, Targets = examples.Targets };
        return _pass.Run(_embedder.Encode(examples.Texts).Packed, labels, SplitMix64.Derive(_seed, (ulong)step), cancellation);
    }

    /// <inheritdoc/>
    public override Validation? Validate(CancellationToken cancellation) => _heldOut.Count == 0
        ? null
        : new Validation(Metric!, HigherIsBetter: true, EmbeddingEvaluation.Of(_embedder, _heldOut, cancellation: cancellation));

    /// <inheritdoc/>
    public override void Save(string folder) => LoraTraining.Save(_lora, folder, path => _embedder.Save(path));

    /// <inheritdoc/>
    public override void Dispose()
    {
        _pass.Dispose();
        _lora?.Dispose();
    }

    private Dictionary<string, string> IdentityOf(EmbeddingTrainingOptions options) => new()
    {
        ["Config"] = _embedder.Model.Config.ToJson(),
        ["Modules"] = string.Join('\n', _embedder.Config.ToFiles(_embedder.Model.Config.HiddenSize).Select(file => file.Value)),
        ["StartWeights"] = WeightHash.Of(_embedder.Model.Parameters, _embedder.Modules.Parameters),
        ["Data"] = _data.Hash,
        ["HeldOut"] = _heldOut.Count.ToString(CultureInfo.InvariantCulture),
        ["Objective"] = options.Objective.ToString(),
        ["Matryoshka"] = string.Join(',', options.Matryoshka),
        ["CosineWeight"] = options.CosineWeight.ToString(CultureInfo.InvariantCulture),
        ["BatchSize"] = options.BatchSize.ToString(CultureInfo.InvariantCulture),
    };
}
