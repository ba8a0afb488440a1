using System.CommandLine;

namespace BertSharp.Cli.Train;

/// <summary>The options of <c>bert train</c> and <c>bert pretrain</c> that say how weights are changed, and where the run is kept.</summary>
internal sealed class TrainingOptionSet
{
    private static readonly (string Name, OptimizerKind Kind)[] Optimizers = [("adamw", OptimizerKind.AdamW), ("google-adamw", OptimizerKind.GoogleAdamW), ("lamb", OptimizerKind.Lamb)];
    private static readonly (string Name, ScheduleKind Kind)[] Schedules = [("linear", ScheduleKind.Linear), ("cosine", ScheduleKind.Cosine), ("constant", ScheduleKind.Constant), ("wsd", ScheduleKind.WarmupStableDecay)];

    private readonly TrainingOptions _default;
    private readonly Option<string> _out = new("--out", "-o") { Description = "The folder of the run: checkpoints, log.jsonl, timing.jsonl, the models best and last. A run that is there goes on.", HelpName = "DIR", Required = true };
    private readonly Option<long?> _steps = new("--steps") { Description = "Updates in total; --epochs where it is not given.", HelpName = "N" };
    private readonly Option<double> _epochs;
    private readonly Option<double> _rate;
    private readonly Option<string> _schedule;
    private readonly Option<double> _warmup;
    private readonly Option<double> _decay;
    private readonly Option<string> _optimizer;
    private readonly Option<double> _beta1;
    private readonly Option<double> _beta2;
    private readonly Option<double?> _epsilon = new("--epsilon") { Description = "Added to the root of the second moment; 1e-8 for adamw, 1e-6 for the others.", HelpName = "X" };
    private readonly Option<double> _weightDecay;
    private readonly Option<double> _clip;
    private readonly Option<double> _layerwise;
    private readonly Option<double?> _dropout = new("--dropout") { Description = "The share of values that are dropped; what the model's configuration says by default, 0.1 for a new one.", HelpName = "X" };
    private readonly Option<string[]> _freeze = new("--freeze") { Description = "Parameters that stay as they are, by name; * stands for any characters: bert.embeddings.*", HelpName = "PATTERN", AllowMultipleArgumentsPerToken = true };
    private readonly Option<long> _seed;
    private readonly Option<long?> _validate = new("--validate-every") { Description = "Updates between validations; once a pass over the examples by default.", HelpName = "N" };
    private readonly Option<int> _patience;
    private readonly Option<double> _checkpoint;
    private readonly Option<int?> _microBatch = Commands.CommonOptions.Number("--micro-batch", "Tokens that run at once: fewer take less memory and more time; same bits. 4096 by default, of embed more.", 1);
    private readonly Option<bool> _recompute = new("--recompute") { Description = "Compute activations again on the way back instead of keeping them: a sixteenth of their memory, a fifth to two fifths more time; same bits." };
    private readonly Option<int?> _threads = Commands.CommonOptions.Threads();

    /// <summary>Options with the defaults of a verb.</summary>
    public TrainingOptionSet(TrainingOptions defaults)
    {
        _default = defaults;
        _epochs = Number("--epochs", "Passes over the examples.", defaults.Epochs);
        _rate = Number("--learning-rate", "The highest learning rate.", defaults.LearningRate);
        _schedule = Choice("--schedule", "How the learning rate goes after the warm-up; wsd stays, then falls over the last steps.", Schedules.Select(one => one.Name), Schedules.First(one => one.Kind == defaults.Schedule).Name);
        _warmup = Number("--warmup", "Updates in which the learning rate rises; below 1 a share of all.", defaults.Warmup);
        _decay = Number("--decay", "Updates in which wsd falls; below 1 a share of all. It may be changed until the fall has begun.", defaults.Decay);
        _optimizer = Choice("--optimizer", "adamw: as PyTorch; google-adamw: as BERT was published; lamb.", Optimizers.Select(one => one.Name), Optimizers.First(one => one.Kind == defaults.Optimizer).Name);
        _beta1 = Number("--beta1", "The share of the first moment that an update keeps.", defaults.Beta1);
        _beta2 = Number("--beta2", "The share of the second moment that an update keeps.", defaults.Beta2);
        _weightDecay = Number("--weight-decay", "Weight decay, but of biases and LayerNorms.", defaults.WeightDecay);
        _clip = Number("--clip", "The largest norm of the gradient; 0: no limit.", defaults.MaxGradientNorm);
        _layerwise = Number("--layerwise-decay", "Factor of the learning rate from each layer to the one below.", defaults.LayerwiseDecay);
        _seed = new Option<long>("--seed") { Description = "All randomness comes from it: same seed, same bits.", DefaultValueFactory = _ => (long)defaults.Seed, HelpName = "N" };
        _patience = new Option<int>("--patience") { Description = "Validations without a better score after which training ends; 0: never.", DefaultValueFactory = _ => defaults.Patience, HelpName = "N" };
        _checkpoint = Number("--checkpoint-minutes", "Minutes between checkpoints.", defaults.CheckpointMinutes);
    }

    /// <summary>All options, in the order of the help.</summary>
    public IReadOnlyList<Option> All =>
        [_out, _steps, _epochs, _rate, _schedule, _warmup, _decay, _optimizer, _beta1, _beta2, _epsilon, _weightDecay, _clip, _layerwise, _dropout, _freeze, _seed, _validate, _patience, _checkpoint, _microBatch, _recompute, _threads];

    /// <summary>What was asked for.</summary>
    public TrainingOptions Of(ParseResult parsed)
    {
        Commands.CommonOptions.UseThreads(parsed.GetValue(_threads));
        return _default with
        {
            Folder = parsed.GetValue(_out)!,
            Steps = parsed.GetValue(_steps),
            Epochs = parsed.GetValue(_epochs),
            LearningRate = parsed.GetValue(_rate),
            Schedule = Schedules.First(one => one.Name == parsed.GetValue(_schedule)).Kind,
            Warmup = parsed.GetValue(_warmup),
            Decay = parsed.GetValue(_decay),
            Optimizer = Optimizers.First(one => one.Name == parsed.GetValue(_optimizer)).Kind,
            Beta1 = parsed.GetValue(_beta1),
            Beta2 = parsed.GetValue(_beta2),
            Epsilon = parsed.GetValue(_epsilon),
            WeightDecay = parsed.GetValue(_weightDecay),
            MaxGradientNorm = parsed.GetValue(_clip),
            LayerwiseDecay = parsed.GetValue(_layerwise),
            Dropout = parsed.GetValue(_dropout),
            Freeze = parsed.GetValue(_freeze) ?? [],
            Seed = (ulong)parsed.GetValue(_seed),
            ValidationSteps = parsed.GetValue(_validate),
            Patience = parsed.GetValue(_patience),
            CheckpointMinutes = parsed.GetValue(_checkpoint),
            MicroBatchTokens = parsed.GetValue(_microBatch),
            Recompute = parsed.GetValue(_recompute),
        };
    }

    private static Option<double> Number(string name, string description, double value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "X" };

    private static Option<string> Choice(string name, string description, IEnumerable<string> names, string value)
    {
        Option<string> option = new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "NAME" };
        option.AcceptOnlyFromAmong([.. names]);
        return option;
    }
}
