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

    /// <summary>Bytes of one activation: 1 for n + 128, 2 for n.</summary>
    static abstract int ActivationBytes { get; }

    /// <summary>Four weights of each column.</summary>
    static abstract V LoadWeights(sbyte* source);

    /// <summary>Four activations for every column.</summary>
    static abstract V LoadActivations(byte* source);

    /// <summary>Where the sums start, from the sums of the columns' weights: what an offset of the activations adds, taken away.</summary>
    static abstract V Start(int* columnSums);

    /// <summary><paramref name="sums"/> and the products.</summary>
    static abstract V MultiplyAdd(V activations, V weights, V sums);

    /// <summary>One sum a column.</summary>
    static abstract void Store(V sums, int* destination);
}
