namespace BertSharp;

/// <summary>
/// The operations of one vector width. A kernel is written once against a lane and compiled for each width, so
/// that all widths compute the same sequence of correctly rounded operations, hence the same bits.
/// </summary>
/// <typeparam name="V">The raw vector (<c>Vector512&lt;float&gt;</c>, …, or <c>float</c> for the scalar lane).</typeparam>
internal unsafe interface ILane<V>
    where V : struct
{
    /// <summary>Float32 values in one vector.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of <c>y</c> that the GEMM tile holds in registers, beside two vectors of columns.</summary>
    static abstract int TileRows { get; }

    static abstract V Load(float* source);

    static abstract void Store(V value, float* destination);

    /// <summary>The first <paramref name="count"/> values, 1 … <see cref="Count"/>, and those of <paramref name="others"/> behind; memory behind is not read.</summary>
    static abstract V LoadFirst(float* source, int count, V others);

    /// <summary>Stores the first <paramref name="count"/> values; memory behind is not written.</summary>
    static abstract void StoreFirst(V value, float* destination, int count);

    static abstract V Broadcast(float value);

    static abstract V Add(V left, V right);

    static abstract V Subtract(V left, V right);

    static abstract V Multiply(V left, V right);

    static abstract V Divide(V left, V right);

    static abstract V Sqrt(V value);

    /// <summary><c>left · right + addend</c>, rounded once.</summary>
    static abstract V Fma(V left, V right, V addend);

    /// <summary><c>condition</c> per element: all bits set where <c>left &lt; right</c>, none elsewhere (NaN: none).</summary>
    static abstract V LessThan(V left, V right);

    /// <summary>Takes <paramref name="whenTrue"/> where the mask of a comparison is set.</summary>
    static abstract V Select(V mask, V whenTrue, V whenFalse);

    /// <summary>The lesser of each pair; either, or a NaN, where one is NaN.</summary>
    static abstract V Min(V left, V right);

    /// <summary>The larger of each pair; either, or a NaN, where one is NaN.</summary>
    static abstract V Max(V left, V right);

    static abstract V Abs(V value);

    /// <summary>The magnitude of one value with the sign bit of another.</summary>
    static abstract V CopySign(V magnitude, V sign);

    /// <summary>
    /// 2ⁿ, where the argument is 1.5·2²³ + n for an integer −126 ≤ n ≤ 127: the integer stands in the low
    /// bits of the sum, a shift moves it into the exponent.
    /// </summary>
    static abstract V PowerOfTwo(V shifted);

    /// <summary>The bfloat16 value in the lower half of each 32-bit word, widened.</summary>
    static abstract V LowerHalf(V words);

    /// <summary>The bfloat16 value in the upper half of each 32-bit word, widened.</summary>
    static abstract V UpperHalf(V words);

    /// <summary>The signed byte at a place 0 … 3 of each 32-bit word, as a float32.</summary>
    static abstract V SignedByte(V words, int place);

    /// <summary>Stores the lowest byte of each 32-bit word.</summary>
    static abstract void StoreLowBytes(V words, byte* destination);

    /// <summary>Stores the lower half of each 32-bit word.</summary>
    static abstract void StoreLowHalves(V words, short* destination);
}
