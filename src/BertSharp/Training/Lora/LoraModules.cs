namespace BertSharp;

/// <summary>
/// What a configuration chooses in a model, by PEFT's rules, on the paths that modules have in transformers: layers with
/// low-rank matrices, and parameters that are trained and stored whole.
/// </summary>
internal sealed class LoraModules
{
    private const string Weight = ".weight";
    private const string Bias = ".bias";

    private readonly BertConfig _model;
    private readonly HeadKind _head;
    private readonly LoraConfig _config;
    private readonly string _file;
    private readonly HashSet<string> _wrappedBiases;

    /// <summary>Chooses.</summary>
    /// <param name="config">The adapter's configuration.</param>
    /// <param name="model">The model's.</param>
    /// <param name="head">The model's head.</param>
    /// <param name="file">The adapter's configuration file, for errors.</param>
    /// <exception cref="CheckpointException">Nothing is chosen, something that is no linear layer is, or an expression is none.</exception>
    public LoraModules(LoraConfig config, BertConfig model, HeadKind head, string file)
    {
        _config = config;
        _model = model;
        _head = head;
        _file = file;
        IReadOnlyList<ParameterInfo> list = ParameterList.Of(model, head);
        HashSet<ParameterInfo> whole = [.. list.Where(info => IsSaved(ModuleOf(info)))];
        Targets = [.. list.Where(info => info.Name.EndsWith(Weight, StringComparison.Ordinal) && !whole.Contains(info) && IsTarget(info)).Select(TargetOf)];
        if (Targets.Count == 0)
        {
            string wanted = config.TargetPattern ?? string.Join(", ", config.TargetModules);
            throw new CheckpointException(file, $"'{CheckpointException.Show(wanted)}' fits no layer of this {model.ModelType} model; expected ends of paths such as {ModuleOf(list.First(ModelParameters.IsLinear))}, a regular expression for whole paths, or {LoraConfig.AllLinear}", "target_modules");
        }

        _wrappedBiases = [.. Targets.Select(target => target.Weight.Name[..^Weight.Length] + Bias)];
        Saved = [.. list.Where(info => whole.Contains(info) || config.Bias switch
        {
            LoraBias.All => info.Name.EndsWith(Bias, StringComparison.Ordinal),
            LoraBias.LoraOnly => IsWrapped(info),
            _ => false,
        })];
    }

    /// <summary>The layers with low-rank matrices, in the model's order.</summary>
    public IReadOnlyList<LoraTarget> Targets { get; }

    /// <summary>The parameters that are trained and stored whole: chosen modules and biases.</summary>
    public IReadOnlyList<ParameterInfo> Saved { get; }

    /// <summary>Whether a parameter is the bias of a layer with low-rank matrices.</summary>
    public bool IsWrapped(ParameterInfo info) => _wrappedBiases.Contains(info.Name);

    /// <summary>The name of a parameter in transformers' model.</summary>
    public string Path(ParameterInfo info) => ParameterNames.Stored(info.Name, _model.ModelType, withPrefix: _head != HeadKind.None);

    private string ModuleOf(ParameterInfo info) => Path(info)[..Path(info).LastIndexOf('.')];

    // A module is saved whole where its path ends so, with or without a dot before: pre_classifier goes with classifier.
    private bool IsSaved(string module) => _config.ModulesToSave.Any(name =>
        module.EndsWith(name, StringComparison.Ordinal) || module.Contains(name + ".", StringComparison.Ordinal));

    private bool IsTarget(ParameterInfo info)
    {
        string module = ModuleOf(info);
        if (_config.TargetPattern is { } pattern && pattern.Equals(LoraConfig.AllLinear, StringComparison.OrdinalIgnoreCase))
        {
            return ModelParameters.IsLinear(info) && info.Name != "cls.predictions.decoder.weight" && !(_config.TaskType == "SEQ_CLS" && module == "classifier");
        }

        bool chosen = _config.TargetPattern is { } expression
            ? LoraPattern.IsMatch(expression, module, _file, "target_modules")
            : _config.TargetModules.Any(name => module == name || module.EndsWith("." + name, StringComparison.Ordinal));
        return !chosen || ModelParameters.IsLinear(info)
            ? chosen
            : throw new CheckpointException(_file, $"chooses {module}, which is no linear layer; others have no adapters here", "target_modules");
    }

    private LoraTarget TargetOf(ParameterInfo info)
    {
        string module = ModuleOf(info);
        int rank = LoraPattern.Find(_config.RankPattern, module, _config.Rank, _file, "rank_pattern");
        double alpha = LoraPattern.Find(_config.AlphaPattern, module, _config.Alpha, _file, "alpha_pattern");
        return new LoraTarget(module, info, rank, _config.Scale(rank, alpha));
    }
}
