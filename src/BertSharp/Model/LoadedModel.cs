namespace BertSharp;

/// <summary>What a model is made of, before it is one.</summary>
/// <param name="Config">The configuration.</param>
/// <param name="Parameters">The parameters of encoder and head.</param>
/// <param name="Head">The head that they are for.</param>
/// <param name="New">The parameters that no checkpoint gave; null: none of them.</param>
internal readonly record struct LoadedModel(BertConfig Config, ModelParameters Parameters, HeadKind Head, IReadOnlyList<ParameterInfo>? New = null);
