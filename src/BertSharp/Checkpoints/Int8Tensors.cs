using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BertSharp;

/// <summary>Gives the whole numbers of one row of an int8 weight.</summary>
/// <returns>The row's scale.</returns>
internal delegate float Int8RowFill(int row, Span<sbyte> values);

/// <summary>
/// Weights of one byte: a tensor <c>X</c> of dtype I8 [rows, columns], values −127 … 127, with a tensor <c>X_scale</c> of dtype
/// F32 [rows]; value (r, c) is scale[r] · X[r, c], rounded once to float32 (docs/formats/quantized.md).
/// </summary>
internal static class Int8Tensors
{
    /// <summary>What follows the weight's name in the name of its scales.</summary>
    public const string ScaleSuffix = "_scale";

    /// <summary>Gives each int8 matrix its scales where they are there and fit; what does not fit stays as it is.</summary>
    public static IReadOnlyList<TensorInfo> Pair(IReadOnlyList<TensorInfo> tensors)
    {
        TensorInfo[] weights = [.. tensors.Where(tensor => tensor is { DataType: TensorType.Int8, Shape.Length: 2 })];
        if (weights.Length == 0)
        {
            return tensors;
        }

        Dictionary<string, TensorInfo> floats = tensors.Where(tensor => tensor is { DataType: TensorType.Float32, Shape.Length: 1 }).ToDictionary(tensor => tensor.Name);
        Dictionary<string, TensorInfo> scales = [];
        foreach (TensorInfo weight in weights)
        {
            if (floats.TryGetValue(weight.Name + ScaleSuffix, out TensorInfo? scale) && scale.Count == weight.Shape[0])
            {
                scales.Add(scale.Name, scale with { IsScale = true });
            }
        }

        return [.. tensors.Select(tensor => scales.GetValueOrDefault(tensor.Name)
            ?? (tensor.DataType == TensorType.Int8 && scales.TryGetValue(tensor.Name + ScaleSuffix, out TensorInfo? own) ? tensor with { Scale = own } : tensor))];
    }

    /// <summary>Reads consecutive values, each times its row's scale.</summary>
    public static void ReadFloat32(SafetensorsFile file, TensorInfo weight, SafetensorsFile scaleFile, long first, Span<float> destination)
    {
        if (destination.IsEmpty)
        {
            return;
        }

        long columns = weight.Shape[1], firstRow = first / columns;
        int rows = checked((int)(((first + destination.Length - 1) / columns) - firstRow + 1));
        float[] scales = ArrayPool<float>.Shared.Rent(rows);
        sbyte[] values = ArrayPool<sbyte>.Shared.Rent(Math.Min(TensorData.BufferBytes, destination.Length));
        try
        {
            ReadScales(scaleFile, weight.Scale!, firstRow, scales.AsSpan(0, rows));
            while (!destination.IsEmpty)
            {
                Span<sbyte> piece = values.AsSpan(0, Math.Min(TensorData.BufferBytes, destination.Length));
                ReadValues(file, weight, first, piece);
                Widen(piece, first - (firstRow * columns), columns, scales, destination);
                destination = destination[piece.Length..];
                first += piece.Length;
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scales);
            ArrayPool<sbyte>.Shared.Return(values);
        }
    }

    /// <summary>Reads whole rows as they are stored.</summary>
    public static void ReadRows(SafetensorsFile file, TensorInfo weight, SafetensorsFile scaleFile, long firstRow, Span<sbyte> values, Span<float> scales)
    {
        ReadScales(scaleFile, weight.Scale!, firstRow, scales);
        ReadValues(file, weight, firstRow * weight.Shape[1], values);
    }

    /// <summary>The two tensors of a weight [rows, columns]; rows are asked for piece by piece, and more than once.</summary>
    public static StoredTensor[] Store(string name, ImmutableArray<long> shape, Int8RowFill fill) =>
    [
        new(name + ScaleSuffix, TensorType.Float32, [shape[0]], (offset, destination) => FillScales(fill, (int)(offset / sizeof(float)), (int)shape[1], MemoryMarshal.Cast<byte, float>(destination))),
        new(name, TensorType.Int8, shape, (offset, destination) => FillValues(fill, offset, (int)shape[1], MemoryMarshal.Cast<byte, sbyte>(destination))),
    ];

    private static void FillScales(Int8RowFill fill, int firstRow, int columns, Span<float> scales)
    {
        sbyte[] row = new sbyte[columns];
        for (int i = 0; i < scales.Length; i++)
        {
            scales[i] = fill(firstRow + i, row);
        }
    }

    private static void FillValues(Int8RowFill fill, long first, int columns, Span<sbyte> values)
    {
        sbyte[] row = new sbyte[columns];
        while (!values.IsEmpty)
        {
            fill((int)(first / columns), row);
            ReadOnlySpan<sbyte> piece = row.AsSpan((int)(first % columns));
            piece = piece[..Math.Min(piece.Length, values.Length)];
            piece.CopyTo(values);
            values = values[piece.Length..];
            first += piece.Length;
        }
    }

    // Compiled optimised at once, as the conversions of float types.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(ReadOnlySpan<sbyte> values, long first, long columns, ReadOnlySpan<float> scales, Span<float> destination)
    {
        for (int done = 0; done < values.Length;)
        {
            int row = (int)((first + done) / columns), end = (int)Math.Min(values.Length, ((row + 1) * columns) - first);
            for (float scale = scales[row]; done < end; done++)
            {
                destination[done] = values[done] * scale;
            }
        }
    }

    private static void ReadValues(SafetensorsFile file, TensorInfo weight, long first, Span<sbyte> values)
    {
        file.Read(weight.Position + first, MemoryMarshal.AsBytes(values));
        if (values.Contains(sbyte.MinValue))
        {
            throw new CheckpointException(weight.File, $"expected whole numbers -127 to 127, found -128 in row {(first + values.IndexOf(sbyte.MinValue)) / weight.Shape[1]}; quantize the float32 model again: bert quantize", weight.Name);
        }
    }

    private static void ReadScales(SafetensorsFile file, TensorInfo scale, long firstRow, Span<float> scales)
    {
        file.Read(scale.Position + (firstRow * sizeof(float)), MemoryMarshal.AsBytes(scales));
        for (int i = 0; i < scales.Length; i++)
        {
            if (!(scales[i] >= 0 && float.IsFinite(scales[i] * SymmetricInt8.Largest)))
            {
                throw new CheckpointException(scale.File, $"expected a finite number of at least 0, found {scales[i].ToString(System.Globalization.CultureInfo.InvariantCulture)} for row {firstRow + i}; quantize the float32 model again: bert quantize", scale.Name);
            }
        }
    }
}
