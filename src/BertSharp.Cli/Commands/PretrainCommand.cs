using System.CommandLine;
using System.Globalization;
using BertSharp.Cli.Train;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert pretrain</c>: a model from examples that <c>bert pretrain-data</c> has made.</summary>
internal sealed class PretrainCommand
{
    private static readonly PretrainingOptions Defaults = new() { Data = [] };
    private static readonly TrainingOptions TrainingDefaults = new() { Folder = "", LearningRate = 1e-3, Schedule = ScheduleKind.WarmupStableDecay, Warmup = 0.05, Decay = 0.15, Beta2 = 0.98, Epsilon = 1e-6, Epochs = 10 };

    private readonly Option<string[]> _data = new("--data", "-d") { Description = "Stores of bert pretrain-data; several may follow, each with a weight: novels=60 manuals=40.", HelpName = "DIR[=N]", Required = true, AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _longData = new("--long-data") { Description = "Stores with longer examples for the last steps.", HelpName = "DIR[=N]", AllowMultipleArgumentsPerToken = true };
    private readonly Option<double> _longShare = Number("--long-share", "The share of the steps that take --long-data.", Defaults.LongShare);
    private readonly Option<string?> _heldOut = new("--held-out") { Description = "A store by whose first 256 examples the model is validated; it is not trained on.", HelpName = "DIR" };
    private readonly Option<string?> _tokenizer = new("--tokenizer") { Description = "The folder of bert train-vocab: a new model for its vocabulary.", HelpName = "DIR" };
    private readonly Option<string?> _from = new("--from") { Description = "A model to go on from instead of a new one.", HelpName = "MODEL" };
    private readonly Option<int?> _layers = CommonOptions.Number("--layers", "L of a new model; 12 by default.", 1, 1000);
    private readonly Option<int?> _hidden = CommonOptions.Number("--hidden", "H of a new model; 768 by default.", 1, 65536);
    private readonly Option<int?> _heads = CommonOptions.Number("--heads", "Attention heads; H / 64 by default.", 1, 1024);
    private readonly Option<int?> _intermediate = CommonOptions.Number("--intermediate", "I; 4 H by default.", 1, 262144);
    private readonly Option<int?> _positions = CommonOptions.Number("--positions", "Most tokens of a text; 512 by default.", 8, 65536);
    private readonly Option<bool> _randomStart = new("--random-start") { Description = "A new model begins with random weights alone, as BERT did; by default positions begin as sinusoids and the first layer's heads look at the words beside." };
    private readonly Option<int?> _batch = CommonOptions.Number("--batch", "Examples of an update; 64 by default.", 1);
    private readonly Option<double> _mask = Number("--mask", "The share of tokens that are predicted.", Defaults.MaskedShare);
    private readonly Option<double?> _finalMask = new("--final-mask") { Description = "What --mask falls to while wsd falls.", HelpName = "X" };
    private readonly Option<double> _maskTokens = Number("--mask-token-share", "Of the predicted tokens, the share that becomes [MASK].", Defaults.MaskTokenShare);
    private readonly Option<double> _randomTokens = Number("--random-token-share", "Of the predicted tokens, the share that becomes another token; the rest stays as it is.", Defaults.RandomTokenShare);
    private readonly Option<bool> _wholeWord = new("--whole-word") { Description = "All pieces of a word are predicted together." };
    private readonly Option<int?> _fixedMasks = CommonOptions.Number("--fixed-masks", "So many masks for each example, instead of new ones each time.", 1);
    private readonly TrainingOptionSet _training = new(TrainingDefaults);
    private readonly CommandContext _context;

    /// <summary>The options of a new model.</summary>
    private Option[] Shape => [_layers, _hidden, _heads, _intermediate, _positions, _randomStart];

    private PretrainCommand(Command command, CommandContext context)
    {
        _context = context;
        foreach (Option option in (Option[])[_data, _tokenizer, _from, .. _training.All, .. Shape, _batch, _mask, _finalMask, _maskTokens, _randomTokens, _wholeWord, _fixedMasks, _longData, _longShare, _heldOut])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("pretrain", "Pretrain a BERT from text: masked language model, with pairs also next sentences.");
        _ = new PretrainCommand(command, context);
        return HelpWithExamples.Add(
            command,
            "bert pretrain --tokenizer my-bert --data novels-128 --layers 4 --hidden 256 --epochs 5 --whole-word --out my-run",
            "bert pretrain --from my-run/last --data novels-128=60 manuals-128=40 --steps 10000 --out my-second-run");
    }

    private int Run(ParseResult parsed)
    {
        TrainingOptions training = _training.Of(parsed);
        PretrainingOptions options = Defaults with
        {
            Data = Stores(parsed, _data),
            LongData = Stores(parsed, _longData),
            LongShare = parsed.GetValue(_longShare),
            HeldOut = parsed.GetValue(_heldOut),
            BatchSize = parsed.GetValue(_batch) ?? Defaults.BatchSize,
            MaskedShare = parsed.GetValue(_mask),
            FinalMaskedShare = parsed.GetValue(_finalMask),
            MaskTokenShare = parsed.GetValue(_maskTokens),
            RandomTokenShare = parsed.GetValue(_randomTokens),
            WholeWord = parsed.GetValue(_wholeWord),
            Duplicates = parsed.GetValue(_fixedMasks),
        };
        bool pairs = PretrainingExamples.ArePairs(options.Data[0].Key);
        (PreTrainedModel model, BertTokenizer tokenizer) = Open(parsed, pairs, training);
        using (model)
        {
            return TrainingView.Run("pretraining", _context, progress => Pretraining.Run(model, tokenizer, options, training, progress, _context.Cancellation));
        }
    }

    private (PreTrainedModel Model, BertTokenizer Tokenizer) Open(ParseResult parsed, bool pairs, TrainingOptions training)
    {
        if (parsed.GetValue(_from) is { } from)
        {
            if (Shape.Prepend(_tokenizer).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } foreign)
            {
                throw CliException.Usage($"{foreign.Name} describes a new model; with --from, which goes on with one, leave it out.");
            }

            string folder = ModelFolder.Resolve(from);
            return (pairs ? BertForPreTraining.Load(folder) : BertForMaskedLM.Load(folder), BertTokenizer.Load(folder));
        }

        BertTokenizer tokenizer = BertTokenizer.Load(parsed.GetValue(_tokenizer) ?? throw CliException.Usage("Give --tokenizer DIR for a new model, or --from MODEL to go on with one."));
        int hidden = parsed.GetValue(_hidden) ?? 768;
        double dropout = training.Dropout ?? 0.1;
        BertConfig config = new()
        {
            Architectures = [pairs ? "BertForPreTraining" : "BertForMaskedLM"],
            VocabSize = tokenizer.VocabSize,
            HiddenSize = hidden,
            NumHiddenLayers = parsed.GetValue(_layers) ?? 12,
            NumAttentionHeads = parsed.GetValue(_heads) ?? Math.Max(1, hidden / 64),
            IntermediateSize = parsed.GetValue(_intermediate) ?? 4 * hidden,
            MaxPositionEmbeddings = parsed.GetValue(_positions) ?? 512,
            HiddenDropoutProb = dropout,
            AttentionProbsDropoutProb = dropout,
        };
        PreTrainedModel model = pairs ? BertForPreTraining.Create(config, training.Seed) : BertForMaskedLM.Create(config, training.Seed);
        if (!parsed.GetValue(_randomStart))
        {
            Pretraining.LookAtNeighbours(model);
        }

        return (model, tokenizer);
    }

    private static KeyValuePair<string, int>[] Stores(ParseResult parsed, Option<string[]> option) => [.. (parsed.GetValue(option) ?? []).Select(text =>
    {
        int at = text.LastIndexOf('=');
        return at < 0 ? new KeyValuePair<string, int>(text, 1)
            : int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int weight) && weight > 0 ? new KeyValuePair<string, int>(text[..at], weight)
            : throw CliException.Usage($"{option.Name} {text}: expected a folder, or a folder and its weight as a whole number: novels=60.");
    })];

    private static Option<double> Number(string name, string description, double value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "X" };
}
