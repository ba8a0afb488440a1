using System.Collections.Immutable;

namespace BertSharp;

/// <summary>One tensor of a checkpoint, as its header describes it; no data is held.</summary>
/// <param name="Name">The name as stored.</param>
/// <param name="CanonicalName">The Hugging Face BERT path (<see cref="ParameterNames.Canonical"/>).</param>
/// <param name="DataType">The stored element type.</param>
/// <param name="Shape">Row-major dimensions; empty for a scalar.</param>
/// <param name="Count">Number of elements: the product of <paramref name="Shape"/>.</param>
/// <param name="File">Path of the file (the shard) that holds the data.</param>
public sealed record TensorInfo(string Name, string CanonicalName, TensorType DataType, ImmutableArray<long> Shape, long Count, string File)
{
    /// <summary>Position of the first byte in the file.</summary>
    internal long Position { get; init; }

    /// <summary>The scales of an int8 weight, float32, one a row (docs/formats/quantized.md); null elsewhere.</summary>
    public TensorInfo? Scale { get; init; }

    /// <summary>Whether these are the scales of an int8 weight: a part of that weight, not a parameter, not counted.</summary>
    public bool IsScale { get; init; }

    /// <summary>Whether the values can be read as float32: a float type, or int8 with scales.</summary>
    public bool IsReadable => DataType.IsFloat() || Scale is not null;

    /// <summary>Bytes that the data takes in the file.</summary>
    public long ByteCount => Count * DataType.SizeInBytes();

    /// <summary>Whether this is a buffer that models register and never learn (<c>position_ids</c>): not a parameter, not counted.</summary>
    public bool IsBuffer => ParameterNames.IsBuffer(Name);

    /// <summary>The shape as <c>[30522, 768]</c>.</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";
}
