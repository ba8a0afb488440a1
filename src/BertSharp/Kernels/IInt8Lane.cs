namespace BertSharp;

/// <summary>
/// The operations of one instruction set on whole numbers: four products a 32-bit sum, or two and two. Sums of whole numbers
/// are exact, so every lane gives the same.
/// </summary>
/// <typeparam name="V">The raw vector.</typeparam>
internal unsafe interface IInt8Lane<V>
    where V : struct
{
    /// <summary>Columns of one vector of weights.</summary>
    static abstract int Columns { get; }

    /// <summary>Rows of the tile, beside two vectors of columns.</summary>
    static abstract int TileRows { get; }

    /// <summary>Bytes of one activation: 1 for n − least, 2 for n.</summary>
    static abstract int ActivationBytes { get; }

    /// <summary>Four weights of each column.</summary>
    static abstract V LoadWeights(sbyte* source);

    /// <summary>Four activations for every column.</summary>
    static abstract V LoadActivations(byte* source);

    /// <summary><paramref name="sums"/> and the products.</summary>
    static abstract V MultiplyAdd(V activations, V weights, V sums);

    /// <summary>
    /// What sums begin with. Where bytes stand for n + zero, they hold zero times the sum of the column's weights too much:
    /// it is taken away beforehand, where nothing waits for it.
    /// </summary>
    static abstract V Start(int zero, int* columnSums);

    /// <summary>y ← fma((float)sum, scale of the row · scale of the column, bias) of the columns of two vectors side by side.</summary>
    static abstract void Finish(V first, V second, float rowScale, float* columnScales, float* bias, float* y);
}
