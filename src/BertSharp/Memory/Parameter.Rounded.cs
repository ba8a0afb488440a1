namespace BertSharp;

/// <content>Weights in fewer bytes: rows are rounded on the way in and widened on the way out.</content>
internal sealed unsafe partial class Parameter
{
    /// <summary>Sets whole rows of an int8 weight exactly.</summary>
    /// <param name="firstRow">Row of the first value.</param>
    /// <param name="values">[rows, Columns], row-major, −127 … 127.</param>
    /// <param name="scales">[rows], finite, not negative.</param>
    /// <exception cref="ArgumentException">The parameter is not int8, rows do not fit, or a value or a scale is out of range.</exception>
    public void SetQuantizedRows(int firstRow, ReadOnlySpan<sbyte> values, ReadOnlySpan<float> scales)
    {
        if (firstRow < 0 || firstRow + (long)scales.Length > Rows || (long)scales.Length * Columns != values.Length)
        {
            throw new ArgumentException($"{Name} [{Rows}, {Columns}] does not take {values.Length} values and {scales.Length} scales at row {firstRow}.");
        }

        Int8Panels panels = Int8Panels;
        for (int row = 0; row < scales.Length; row++)
        {
            ReadOnlySpan<sbyte> source = values.Slice(row * Columns, Columns);
            if (source.Contains(sbyte.MinValue) || !(scales[row] >= 0 && float.IsFinite(scales[row])))
            {
                throw new ArgumentException($"{Name}, row {firstRow + row}: expected whole numbers −127 … 127 and a finite scale of at least 0, found scale {scales[row]}{(source.Contains(sbyte.MinValue) ? " and −128" : "")}; quantize the float32 weight anew.");
            }

            panels.PackRow(firstRow + row, source, scales[row]);
        }
    }

    /// <summary>Copies the whole numbers of one row of an int8 weight out, with their scale.</summary>
    public void CopyQuantizedRow(int row, Span<sbyte> destination, out float scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        Int8Panels.UnpackRow(row, destination, out scale);
    }

    private static bool IsInt8(WeightFormat format) => format is WeightFormat.Int8 or WeightFormat.Int8Dynamic;

    private static long PackedSize(int inputs, int outputs, WeightFormat format) =>
        format == WeightFormat.BFloat16 ? BFloat16Panels.Size(inputs, outputs)
        : IsInt8(format) ? Int8Panels.Size(inputs, outputs)
        : Panels.Size(inputs, outputs);

    private nint Packed(WeightFormat format) => IsPacked && Format == format
        ? (nint)_data
        : throw new InvalidOperationException($"{Name} is no packed weight of format {format}: it is {(IsPacked ? Format : "not packed")}.");

    private void RoundRows(int firstRow, ReadOnlySpan<float> values)
    {
        sbyte[] rounded = System.Buffers.ArrayPool<sbyte>.Shared.Rent(Columns);
        for (int row = firstRow; values.Length > 0; row++, values = values[Columns..])
        {
            ReadOnlySpan<float> source = values[..Columns];
            int wrong = Format == WeightFormat.BFloat16 ? BFloat16Panels.PackRow(row, source) : FirstNotFinite(source);
            if (wrong >= 0)
            {
                throw new NotFiniteNumberException($"{Name}[{row}, {wrong}] is {source[wrong]}, beyond what {Format} weights hold: load the model with float32 weights, or repair the file.", source[wrong]);
            }

            if (IsInt8(Format))
            {
                float scale = SymmetricInt8.Quantize(source, rounded);
                Int8Panels.PackRow(row, rounded, scale);
            }
        }

        System.Buffers.ArrayPool<sbyte>.Shared.Return(rounded);
    }

    private void WidenRow(int row, Span<float> destination)
    {
        if (Format == WeightFormat.BFloat16)
        {
            BFloat16Panels.UnpackRow(row, destination);
            return;
        }

        sbyte[] values = System.Buffers.ArrayPool<sbyte>.Shared.Rent(Columns);
        Int8Panels.UnpackRow(row, values, out float scale);
        for (int k = 0; k < Columns; k++)
        {
            destination[k] = values[k] * scale;
        }

        System.Buffers.ArrayPool<sbyte>.Shared.Return(values);
    }

    private static int FirstNotFinite(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
