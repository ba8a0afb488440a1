using System.Collections.Immutable;

namespace BertSharp.Cli.Params;

/// <summary>One line of <c>bert params</c>.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="ShapeText">Its shape as text.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Count">Number of values.</param>
/// <param name="Stored">The tensor in the checkpoint; null where there is none.</param>
internal sealed record ListedTensor(string Name, string ShapeText, ImmutableArray<long> Shape, long Count, TensorInfo? Stored)
{
    /// <summary>The stored type; empty where nothing is stored.</summary>
    public string DataType => Stored?.DataType.TorchName() ?? "";

    /// <summary>Stored bytes, the scales of an int8 weight included.</summary>
    public long Bytes => (Stored?.ByteCount ?? 0) + (Stored?.Scale?.ByteCount ?? 0);
}
