namespace BertSharp;

/// <summary>
/// A named tensor of weights inside a model's arena. The weight of a linear layer lives in panels of its format and nowhere
/// else; tables and vectors are row-major. Float32 rows go in and come out exactly, whatever the layout; other formats round
/// them on the way in.
/// </summary>
internal sealed unsafe partial class Parameter
{
    private readonly float* _data;

    private Parameter(string name, int[] shape, float* data, WeightFormat format = WeightFormat.Float32, bool packed = false)
    {
        Name = name;
        Shape = shape;
        Format = format;
        IsPacked = packed;
        _data = data;
    }

    /// <summary>The Hugging Face path, such as <c>bert.encoder.layer.0.attention.self.query.weight</c>.</summary>
    public string Name { get; }

    /// <summary>One size (a vector) or two (rows, columns).</summary>
    public int[] Shape { get; }

    /// <summary>Rows of the matrix; a vector is one row.</summary>
    public int Rows => Shape.Length == 2 ? Shape[0] : 1;

    /// <summary>Values of one row.</summary>
    public int Columns => Shape[^1];

    /// <summary>
    /// The sum of gradients, of the same shape and layout, while a trainer owns the model and this parameter is trained; null
    /// elsewhere.
    /// </summary>
    public Parameter? Gradient { get; set; }

    /// <summary>What an adapter adds to this weight while one is trained; null elsewhere.</summary>
    public LowRank? LowRank { get; set; }

    /// <summary>How the values are held; float32 for tables and vectors.</summary>
    public WeightFormat Format { get; }

    /// <summary>True for the weight of a linear layer.</summary>
    public bool IsPacked { get; }

    /// <summary>The panels of a float32 weight.</summary>
    public Panels Panels => new(Packed(WeightFormat.Float32), Columns, Rows);

    /// <summary>The panels of a bfloat16 weight.</summary>
    public BFloat16Panels BFloat16Panels => new(Packed(WeightFormat.BFloat16), Columns, Rows);

    /// <summary>The panels of an int8 weight.</summary>
    public Int8Panels Int8Panels => new(Packed(Format == WeightFormat.Int8Dynamic ? Format : WeightFormat.Int8), Columns, Rows);

    /// <summary>First value of the layout, whatever it is.</summary>
    public nint Data => (nint)_data;

    /// <summary>Of a gradient: nothing was added in this step, and what stands in memory is another step's; the first to add writes instead.</summary>
    public bool IsBlank { get; set; }

    /// <summary>Float32 values of the layout; padding of panels is zero.</summary>
    public long Length => Shape.Length == 2 && !IsPacked ? (long)Rows * Columns : Size(Shape, Format);

    /// <summary>The values of a vector, to be changed.</summary>
    public Span<float> Mutable => new(Pointer, checked(Rows * Columns));

    /// <summary>Another one of the same shape and layout, of zeros.</summary>
    public Parameter ZerosLike(Arena arena)
    {
        float* data = arena.Take(Length);
        System.Runtime.InteropServices.NativeMemory.Clear(data, checked((nuint)Length * sizeof(float)));
        return new Parameter(Name, Shape, data, Format, IsPacked);
    }

    /// <summary>The values of a vector, followed by zeros up to whole panels.</summary>
    public float* Pointer => IsPacked ? throw new InvalidOperationException($"{Name} is packed.") : _data;

    /// <summary>The values of a vector.</summary>
    public ReadOnlySpan<float> Values => new(Pointer, checked(Rows * Columns));

    /// <summary>A table [rows, columns], row-major without gaps.</summary>
    public Matrix Table => new((nint)Pointer, Rows, Columns, Columns);

    /// <summary>Upper bound of the 32-bit words that a tensor of this shape takes, in any layout.</summary>
    public static long Size(ReadOnlySpan<int> shape, WeightFormat format = WeightFormat.Float32) =>
        shape.Length == 1 ? Panels.Size(1, shape[0]) : PackedSize(shape[1], shape[0], format);

    /// <summary>A vector: a bias, or a gain of LayerNorm.</summary>
    public static Parameter Vector(Arena arena, string name, int length)
    {
        int padded = checked((int)Panels.Size(1, length));
        float* data = arena.Take(padded);
        new Span<float>(data, padded).Clear();
        return new Parameter(name, [length], data);
    }

    /// <summary>A table whose rows are looked up: embeddings.</summary>
    public static Parameter RowMajor(Arena arena, string name, int rows, int columns) =>
        new(name, [rows, columns], arena.Take((long)rows * columns));

    /// <summary>The weight [outputs, inputs] of a linear layer, packed.</summary>
    /// <exception cref="ArgumentException">There are more inputs than sums of whole numbers allow.</exception>
    public static Parameter Packed(Arena arena, string name, int outputs, int inputs, WeightFormat format = WeightFormat.Float32)
    {
        if (IsInt8(format) && inputs > Int8Panels.MaxDepth)
        {
            throw new ArgumentException($"{name} has {inputs} inputs: {format} weights have at most {Int8Panels.MaxDepth}; load it as float32 or bfloat16.");
        }

        long size = PackedSize(inputs, outputs, format);
        Parameter parameter = new(name, [outputs, inputs], arena.Take(size), format, packed: true);
        if (format != WeightFormat.Float32)
        {
            // The columns of the last panel that do not exist are zeros.
            new Span<float>(parameter._data, checked((int)size)).Clear();
        }

        return parameter;
    }

    /// <summary>Sets whole rows, the first at <paramref name="firstRow"/>, rounded to the parameter's format.</summary>
    /// <param name="firstRow">Row of the first value.</param>
    /// <param name="values">[rows, Columns], row-major.</param>
    /// <exception cref="NotFiniteNumberException">A value that is to be rounded is NaN, infinite, or too large for bfloat16.</exception>
    public void SetRows(int firstRow, ReadOnlySpan<float> values)
    {
        int rows = values.Length / Columns;
        if (firstRow < 0 || firstRow + (long)rows > Rows || rows * Columns != values.Length)
        {
            throw new ArgumentException($"{Name} [{Rows}, {Columns}] does not take {values.Length} values at row {firstRow}.");
        }

        if (!IsPacked)
        {
            values.CopyTo(new Span<float>(_data + ((long)firstRow * Columns), values.Length));
        }
        else if (Format != WeightFormat.Float32)
        {
            RoundRows(firstRow, values);
        }
        else
        {
            fixed (float* source = values)
            {
                Panels.PackRows(new Matrix((nint)source, rows, Columns, Columns), firstRow);
            }
        }
    }

    /// <summary>Copies one row out: the values that the arithmetic uses.</summary>
    public void CopyRow(int row, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        if (!IsPacked)
        {
            new ReadOnlySpan<float>(_data + ((long)row * Columns), Columns).CopyTo(destination);
        }
        else if (Format != WeightFormat.Float32)
        {
            WidenRow(row, destination);
        }
        else
        {
            Panels.UnpackRow(row, destination);
        }
    }

    /// <summary>Copies consecutive values out, row-major.</summary>
    public void CopyValues(long first, Span<float> destination)
    {
        float[] row = System.Buffers.ArrayPool<float>.Shared.Rent(Columns);
        while (destination.Length > 0)
        {
            CopyRow(checked((int)(first / Columns)), row);
            ReadOnlySpan<float> values = row.AsSpan((int)(first % Columns), (int)Math.Min(Columns - (first % Columns), destination.Length));
            values.CopyTo(destination);
            destination = destination[values.Length..];
            first += values.Length;
        }

        System.Buffers.ArrayPool<float>.Shared.Return(row);
    }
}
