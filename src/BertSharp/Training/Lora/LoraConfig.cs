namespace BertSharp;

/// <summary>
/// What a low-rank adapter changes, and how (Hu et al. 2021; PEFT's <c>LoraConfig</c>): the weight W of a chosen linear layer
/// becomes W + s·B·A with A [r, inputs], B [outputs, r] and s = α / r.
/// </summary>
internal sealed record LoraConfig
{
    /// <summary>The rank r.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>α of the factor s.</summary>
    public double Alpha { get; init; } = 8;

    /// <summary>The share of A's inputs that training drops.</summary>
    public double Dropout { get; init; }

    /// <summary>The chosen layers by the ends of their paths (<c>query</c>); not read where there is a pattern.</summary>
    public IReadOnlyList<string> TargetModules { get; init; } = [];

    /// <summary>The chosen layers by a regular expression for their whole paths, or <see cref="AllLinear"/>.</summary>
    public string? TargetPattern { get; init; }

    /// <summary>Modules that are trained and stored whole, by the ends of their paths (<c>classifier</c>).</summary>
    public IReadOnlyList<string> ModulesToSave { get; init; } = [];

    /// <summary>Which biases are trained and stored.</summary>
    public LoraBias Bias { get; init; }

    /// <summary>Whether s = α / √r (Kalajdzievski 2023).</summary>
    public bool UseRslora { get; init; }

    /// <summary>Ranks of single layers: a regular expression for the end of a path, the first that fits counts.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> RankPattern { get; init; } = [];

    /// <summary>α of single layers, likewise.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> AlphaPattern { get; init; } = [];

    /// <summary>PEFT's name of the task, such as <c>SEQ_CLS</c>.</summary>
    public string? TaskType { get; init; }

    /// <summary>Name or path of the model that was adapted.</summary>
    public string? BaseModel { get; init; }

    /// <summary>The text of the file that was read, whose other keys are kept when it is written again.</summary>
    public string? Source { get; init; }

    /// <summary>The value of <c>target_modules</c> for all linear layers but the output's.</summary>
    public const string AllLinear = "all-linear";

    /// <summary>The factor s of a layer with its own rank and α.</summary>
    public float Scale(int rank, double alpha) => (float)(alpha / (UseRslora ? Math.Sqrt(rank) : rank));
}
