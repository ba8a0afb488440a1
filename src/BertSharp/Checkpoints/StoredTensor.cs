using System.Buffers;
using System.Collections.Immutable;

namespace BertSharp;

/// <summary>A tensor in the form in which it is written: its bytes are asked for piece by piece.</summary>
/// <param name="Name">The stored name.</param>
/// <param name="Type">The stored type.</param>
/// <param name="Shape">Row-major dimensions.</param>
/// <param name="Fill">Gives the stored bytes from an offset (whole elements).</param>
internal sealed record StoredTensor(string Name, TensorType Type, ImmutableArray<long> Shape, Action<long, Span<byte>> Fill)
{
    /// <summary>Bytes of the data.</summary>
    public long ByteCount { get; } = Shape.Aggregate((long)Type.SizeInBytes(), (product, size) => checked(product * size));

    /// <summary>Converts a source to a type; a finite value beyond its range is an error, not an infinity.</summary>
    public static StoredTensor Of(TensorSource source, TensorType type, string file)
    {
        if (!type.IsFloat())
        {
            throw new ArgumentException($"Weights are stored as F32, F16, BF16 or F64, not as {type.SafetensorsName()}.", nameof(type));
        }

        int size = type.SizeInBytes();
        return new StoredTensor(source.Name, type, source.Shape, (offset, destination) =>
        {
            float[] values = ArrayPool<float>.Shared.Rent(destination.Length / size);
            try
            {
                Span<float> piece = values.AsSpan(0, destination.Length / size);
                source.Fill(offset / size, piece);
                if (!FloatConversion.FromFloat32(type, piece, destination))
                {
                    throw new CheckpointException(file, $"a value is beyond the range of {type.SafetensorsName()}; store the weights as BF16 or F32", source.Name);
                }
            }
            finally
            {
                ArrayPool<float>.Shared.Return(values);
            }
        });
    }

    /// <summary>A tensor of a checkpoint in a float type; one that has it already is copied as it is, as are whole numbers.</summary>
    public static StoredTensor Of(Checkpoint checkpoint, TensorInfo tensor, TensorType type) => tensor.IsReadable && tensor.DataType != type
        ? Of(new TensorSource(tensor.Name, tensor.Shape, (first, destination) => checkpoint.ReadElements(tensor, first, destination)), type, tensor.File)
        : Of(checkpoint, tensor);

    /// <summary>Copies a tensor as it is stored.</summary>
    public static StoredTensor Of(Checkpoint checkpoint, TensorInfo tensor) =>
        new(tensor.Name, tensor.DataType, tensor.Shape, (offset, destination) => checkpoint.ReadBytes(tensor, offset, destination));
}
