using System.Globalization;

namespace BertSharp;

/// <summary>
/// Masked language modelling, with or without next sentence prediction (Devlin et al. 2018, section 3.1). The examples of a step
/// follow from its number.
/// </summary>
internal sealed class PretrainingJob : TrainingJob
{
    /// <summary>Held-out examples of one validation.</summary>
    private const int ValidationExamples = 256;

    private readonly PreTrainedModel _model;
    private readonly BertTokenizer _tokenizer;
    private readonly PretrainingOptions _options;
    private readonly TrainingPass _pass;
    private readonly PretrainingData _data;
    private readonly PretrainingData? _longData;
    private readonly PretrainingData? _heldOut;
    private readonly LearningRateSchedule _schedule;
    private readonly ulong _seed;
    private readonly long _firstLongStep;
    private readonly int _longBatchSize;

    /// <summary>Opens the stores and takes the model over.</summary>
    /// <exception cref="CheckpointException">A store is damaged, or of another vocabulary.</exception>
    /// <exception cref="ArgumentException">Model, tokenizer and data do not fit.</exception>
    public PretrainingJob(PreTrainedModel model, BertTokenizer tokenizer, PretrainingOptions options, TrainingOptions training)
    {
        (_model, _tokenizer, _options, _seed) = (model, tokenizer, options, training.Seed);
        if (tokenizer.VocabSize > model.Config.VocabSize)
        {
            throw new ArgumentException($"The tokenizer has {tokenizer.VocabSize} tokens, the model {model.Config.VocabSize}.");
        }

        try
        {
            _data = PretrainingData.Open([.. options.Data.Select(store => (store.Key, store.Value))], tokenizer, _seed);
            _longData = options.LongData.Count == 0 ? null : PretrainingData.Open([.. options.LongData.Select(store => (store.Key, store.Value))], tokenizer, _seed);
            _heldOut = options.HeldOut is null ? null : PretrainingData.Open([(options.HeldOut, 1)], tokenizer, _seed);
            if (_data.NextSentence != (model.Head == HeadKind.PreTraining))
            {
                throw new ArgumentException(_data.NextSentence
                    ? "The examples are pairs with a next-sentence label: pretrain a model of the class BertForPreTraining."
                    : "The examples have no next-sentence label: pretrain a model of the class BertForMaskedLM.");
            }

            long steps = training.TotalSteps(StepsPerEpoch);
            _schedule = LearningRateSchedule.Of(training, steps);
            _firstLongStep = _longData is null ? long.MaxValue : steps - (long)Math.Ceiling(options.LongShare * steps);
            _longBatchSize = _longData is null ? 0 : Math.Max(1, (int)Math.Round(options.BatchSize * _data.MeanLength / _longData.MeanLength));
            NamePatterns frozen = new(training.Freeze);
            frozen.RequireUse([.. model.ParameterList.Select(parameter => parameter.Name)]);
            _pass = new TrainingPass(model, TrainingStages.Of(model), TrainingStages.DropoutOf(model, training.Dropout), new TrainingPassOptions
            {
                MicroBatchTokens = training.MicroBatchTokens ?? TrainingPassOptions.DefaultTokens,
                Recompute = training.Recompute,
                IsTrained = parameter => !frozen.Match(parameter.Name),
            });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TrainedParameter> Parameters => _pass.Gradients.Trained;

    /// <inheritdoc/>
    public override long StepsPerEpoch => (_data.Count + _options.BatchSize - 1) / _options.BatchSize;

    /// <inheritdoc/>
    public override string? Metric => _heldOut is null ? null : PretrainingScore.Metric;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Identity => new Dictionary<string, string>
    {
        ["Config"] = _model.Config.ToJson(),
        ["Data"] = _data.Hash,
        ["DataWeights"] = string.Join(' ', _options.Data.Select(store => store.Value)),
        ["LongData"] = _longData?.Hash ?? "",
        ["LongShare"] = Text(_longData is null ? 0 : _options.LongShare),
        ["HeldOut"] = _heldOut?.Hash ?? "",
        ["BatchSize"] = Text(_options.BatchSize),
        ["Masking"] = $"{Masking(_options.MaskedShare)}",
        ["FinalMaskedShare"] = Text(_options.FinalMaskedShare ?? _options.MaskedShare),
    };

    /// <inheritdoc/>
    public override StepLoss ComputeGradients(long step, CancellationToken cancellation)
    {
        MaskedBatch batch = step < _firstLongStep
            ? _data.Batch(step * _options.BatchSize, _options.BatchSize, Masking(MaskedShareAt(step)))
            : _longData!.Batch((step - _firstLongStep) * _longBatchSize, _longBatchSize, Masking(MaskedShareAt(step)));
        TokenBatch tokens = new(batch.InputIds, batch.TokenTypeIds, batch.Offsets);
        return _pass.Run(tokens.Packed, new StepLabels { Tokens = batch.Labels, Sequences = batch.NextSentence }, SplitMix64.Derive(_seed, (ulong)step), cancellation);
    }

    /// <inheritdoc/>
    public override Validation? Validate(CancellationToken cancellation) =>
        _heldOut is null ? null : PretrainingScore.Measure(_model, _heldOut, ValidationExamples, cancellation);

    /// <inheritdoc/>
    public override void Save(string folder)
    {
        _model.Save(folder);
        _tokenizer.Save(folder);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _pass?.Dispose();
        _data?.Dispose();
        _longData?.Dispose();
        _heldOut?.Dispose();
    }

    private double MaskedShareAt(long step)
    {
        double final = _options.FinalMaskedShare ?? _options.MaskedShare;
        return step < _schedule.Warmup ? _options.MaskedShare : final + ((_options.MaskedShare - final) * _schedule.Factor(step));
    }

    private MaskingOptions Masking(double share) => new()
    {
        Share = share,
        MaskShare = _options.MaskTokenShare,
        RandomShare = _options.RandomTokenShare,
        WholeWord = _options.WholeWord,
        MaxPredictions = _options.MaxPredictions,
        Duplicates = _options.Duplicates,
    };

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
