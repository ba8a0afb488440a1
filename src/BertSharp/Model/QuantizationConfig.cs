namespace BertSharp;

/// <summary>
/// <c>quantization_config</c> of <c>config.json</c>: how a model holds the weights of the linear layers of its encoder (attention
/// and feed-forward). The keys are those of transformers' QuantoConfig (docs/formats/quantized.md).
/// </summary>
/// <param name="Weights">The format of every such layer, except <see cref="ModulesToNotConvert"/>.</param>
public sealed record QuantizationConfig(WeightFormat Weights)
{
    private const string WeightSuffix = ".weight";

    /// <summary><c>modules_to_not_convert</c>: layers that stay float32, such as <c>bert.encoder.layer.0.output.dense</c>.</summary>
    public IReadOnlyList<string> ModulesToNotConvert { get; init; } = [];

    /// <summary>The modules of a model that can be held in another format, in the model's order.</summary>
    public static IReadOnlyList<string> ModulesOf(BertConfig config) =>
        [.. ParameterList.Of(config, HeadKind.TokenClassification).Where(IsConvertible).Select(parameter => parameter.Name[..^WeightSuffix.Length])];

    /// <summary>The same configuration with all weights in a format; layers that stay float32 do so.</summary>
    /// <param name="stored">What a folder says; null: nothing, all is float32.</param>
    /// <param name="weights">The format that is asked for; null: as the folder says.</param>
    internal static QuantizationConfig? Choose(QuantizationConfig? stored, WeightFormat? weights) => weights switch
    {
        null => stored,
        WeightFormat.Float32 => null,
        { } format => (stored ?? new QuantizationConfig(format)) with { Weights = format },
    };

    /// <summary>The canonical name of a module, whatever the family or the file calls it.</summary>
    internal static string Canonical(string module) => ParameterNames.Canonical(module + WeightSuffix)[..^WeightSuffix.Length];

    /// <summary>How a parameter is held.</summary>
    internal WeightFormat FormatOf(ParameterInfo parameter) =>
        IsConvertible(parameter) && !ModulesToNotConvert.Contains(parameter.Name[..^WeightSuffix.Length]) ? Weights : WeightFormat.Float32;

    // Poolers and heads are small, and answers depend on them directly.
    private static bool IsConvertible(ParameterInfo parameter) =>
        parameter is { Part: ParameterPart.SelfAttention or ParameterPart.FeedForward, Shape.Length: 2 };
}
