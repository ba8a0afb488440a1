namespace BertSharp;

/// <summary>
/// What a low-rank adapter changes, and how (Hu et al. 2021; PEFT's <c>LoraConfig</c>): the weight W of a chosen linear layer
/// becomes W + s·B·A with A [r, inputs], B [outputs, r] and s = α / r.
/// </summary>
public sealed record LoraConfig
{
    /// <summary>PEFT's names of the tasks whose heads are trained.</summary>
    private static readonly (HeadKind Head, string Task)[] Tasks = [(HeadKind.SequenceClassification, "SEQ_CLS"), (HeadKind.TokenClassification, "TOKEN_CLS"), (HeadKind.QuestionAnswering, "QUESTION_ANS"), (HeadKind.None, "FEATURE_EXTRACTION")];

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
    internal string? Source { get; init; }

    /// <summary>The value of <c>target_modules</c> for all linear layers but the output's.</summary>
    public const string AllLinear = "all-linear";

    /// <summary>The largest rank.</summary>
    internal const int MaxRank = 1 << 16;

    /// <summary>The head that the task type asks for; null where it names none.</summary>
    internal HeadKind? Head => Array.FindIndex(Tasks, row => row.Task == TaskType) is >= 0 and int row ? Tasks[row].Head : null;

    /// <summary>The factor s of a layer with its own rank and α.</summary>
    internal float Scale(int rank, double alpha) => (float)(alpha / (UseRslora ? Math.Sqrt(rank) : rank));

    /// <summary>
    /// What is left open as PEFT fills it in: queries and values are changed; the head, and a pooler that is new, is trained whole.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A number means nothing.</exception>
    internal LoraConfig For(PreTrainedModel model)
    {
        Require(Rank is >= 1 and <= MaxRank, nameof(Rank), $"1 to {MaxRank}", Rank);
        Require(double.IsFinite(Alpha) && Alpha > 0, nameof(Alpha), "more than 0", Alpha);
        Require(Dropout is >= 0 and < 1, nameof(Dropout), "0 to below 1", Dropout);
        string[] targets = Family.Of(model.Config) == Family.DistilBert ? ["q_lin", "v_lin"] : ["query", "value"];
        List<string> saved = model.Head switch
        {
            HeadKind.None => [],
            HeadKind.QuestionAnswering => ["qa_outputs"],
            _ => ["classifier"],
        };
        if (model.NewParameters.Any(parameter => parameter.Part == ParameterPart.Pooler))
        {
            saved.Add("pooler");
        }

        return this with
        {
            TargetModules = TargetPattern is null && TargetModules.Count == 0 ? targets : TargetModules,
            ModulesToSave = ModulesToSave.Count == 0 ? saved : ModulesToSave,
            TaskType = TaskType ?? Array.Find(Tasks, row => row.Head == model.Head).Task,
        };
    }

    private static void Require(bool holds, string name, string expected, object found)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, found, $"LoRA's {name} is to be {expected}.");
        }
    }
}
