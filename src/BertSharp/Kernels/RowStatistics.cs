namespace BertSharp;

/// <summary>What LayerNorm keeps of its rows for its backward pass; nothing where the data is null.</summary>
/// <param name="Means">[T] the mean of each row.</param>
/// <param name="Factors">[T] 1 / √(variance + ε) of each row.</param>
internal readonly unsafe record struct RowStatistics(nint Means, nint Factors)
{
    /// <summary>Room for <paramref name="rows"/> rows.</summary>
    public static RowStatistics Take(Arena arena, int rows) => new((nint)arena.Take(rows), (nint)arena.Take(rows));

    /// <summary>Float32 values that <see cref="Take"/> takes.</summary>
    public static long Size(int rows) => 2 * Arena.VectorSize(rows);

    /// <summary>From a row on.</summary>
    public RowStatistics From(int row) => Means == 0 ? this : new((nint)((float*)Means + row), (nint)((float*)Factors + row));

    /// <summary>The mean of a row.</summary>
    public ref float Mean(int row) => ref ((float*)Means)[row];

    /// <summary>The factor of a row.</summary>
    public ref float Factor(int row) => ref ((float*)Factors)[row];
}
