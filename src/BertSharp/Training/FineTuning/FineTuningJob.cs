using System.Globalization;

namespace BertSharp;

/// <summary>
/// Labelled examples, each once a pass in an order that seed and pass decide; the last step of a pass takes what is left. The
/// examples of a step follow from its number.
/// </summary>
internal sealed class FineTuningJob : TrainingJob
{
    private readonly TaskExamples _examples;
    private readonly BertTokenizer _tokenizer;
    private readonly ShuffledBatches _batches;
    private readonly ulong _seed;
    private readonly string? _metric;
    private readonly Dictionary<string, string> _identity;
    private readonly LoraTraining? _lora;
    private readonly TrainingPass _pass;

    /// <summary>Takes the model over until <see cref="Dispose"/>; the caller frees it.</summary>
    /// <exception cref="ArgumentException">Model and tokenizer do not fit, or the metric is none of the task's.</exception>
    public FineTuningJob(TaskExamples examples, BertTokenizer tokenizer, FineTuningOptions options, TrainingOptions training)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        (_examples, _tokenizer, _seed) = (examples, tokenizer, training.Seed);
        _batches = new ShuffledBatches(examples.Train.Count, options.BatchSize, _seed);
        PreTrainedModel model = examples.Model;
        if (tokenizer.VocabSize > model.Config.VocabSize)
        {
            throw new ArgumentException($"The tokenizer has {tokenizer.VocabSize} tokens, the model {model.Config.VocabSize}.");
        }

        if (examples.HeldOut is { } heldOut)
        {
            _metric = options.Metric ?? heldOut.Metrics[0];
            if (!heldOut.Metrics.Contains(_metric))
            {
                throw new ArgumentException($"The metric '{_metric}' is none of this task's: {string.Join(", ", heldOut.Metrics)}.");
            }
        }

        _identity = new Dictionary<string, string>
        {
            ["Config"] = model.Config.ToJson(),
            // A checkpoint of a run holds trained weights alone: frozen ones must be those that the run began with.
            ["Start"] = WeightHash.Of(model.Parameters),
            ["Data"] = examples.Train.Hash(),
            ["HeldOut"] = examples.HeldOut?.Hash ?? "",
            ["BatchSize"] = options.BatchSize.ToString(CultureInfo.InvariantCulture),
            ["Metric"] = _metric ?? "",
        };
        NamePatterns frozen = new(training.Freeze);
        frozen.RequireUse([.. model.ParameterList.Select(parameter => parameter.Name)]);
        if (options.Lora is { } lora)
        {
            _lora = LoraTraining.Create(model, lora, _seed);
            _identity.Add("Lora", LoraConfigJson.Write(_lora.Config));
        }

        DropoutProbabilities dropouts = TrainingStages.DropoutOf(model, training.Dropout) with { Adapter = (float)(_lora?.Config.Dropout ?? 0) };
        _pass = new TrainingPass(model, TrainingStages.Of(model), dropouts, new TrainingPassOptions
        {
            MicroBatchTokens = training.MicroBatchTokens ?? TrainingPassOptions.DefaultTokens,
            Recompute = training.Recompute,
            Lora = _lora,
            IsTrained = parameter => _lora?.IsTrained(parameter) != false && !frozen.Match(parameter.Name),
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TrainedParameter> Parameters => _pass.Gradients.Trained;

    /// <inheritdoc/>
    public override long StepsPerEpoch => _batches.Count;

    /// <inheritdoc/>
    public override string? Metric => _metric;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Identity => _identity;

    /// <summary>The examples of a step.</summary>
    public int[] ExamplesOf(long step) => [.. _batches.Batch(step).Select(example => (int)example)];

    /// <inheritdoc/>
    public override StepLoss ComputeGradients(long step, CancellationToken cancellation)
    {
        LabelledBatch batch = _examples.Train.Select(ExamplesOf(step));
        return _pass.Run(batch.Batch.Packed, batch.Labels, SplitMix64.Derive(_seed, (ulong)step), cancellation);
    }

    /// <inheritdoc/>
    public override Validation? Validate(CancellationToken cancellation) =>
        _examples.HeldOut is { } heldOut ? new Validation(_metric!, HigherIsBetter: true, heldOut.Measure(cancellation)) : null;

    /// <inheritdoc/>
    public override void Save(string folder)
    {
        LoraTraining.Save(_lora, folder, path => _examples.Model.Save(path));
        _tokenizer.Save(folder);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _pass.Dispose();
        _lora?.Dispose();
    }
}
