namespace BertSharp;

/// <summary>What one thread needs to run one head of one sequence backwards.</summary>
/// <param name="KeyRows">Room for Kᵀ packed: D × S.</param>
/// <param name="KeyColumns">Room for K packed: S × D.</param>
/// <param name="ValueRows">Room for Vᵀ packed: D × S.</param>
/// <param name="Probabilities">Room for a block of probability rows, each S long.</param>
/// <param name="Kept">The same after dropout.</param>
/// <param name="Gradient">The gradient of the same.</param>
internal readonly record struct AttentionGradientScratch(nint KeyRows, nint KeyColumns, nint ValueRows, nint Probabilities, nint Kept, nint Gradient)
{
    /// <summary>Queries of one block: three blocks of rows of 128 keys are 96 KiB of L2.</summary>
    public const int QueryBlock = 64;

    /// <summary>Float32 values for sequences of up to <paramref name="longest"/> tokens.</summary>
    public static long Size(int longest, int headSize) => checked(
        (2 * Panels.Size(headSize, longest)) + Panels.Size(longest, headSize) + (3 * Arena.MatrixSize(QueryBlock, longest)));

    public static unsafe AttentionGradientScratch Take(Arena arena, int longest, int headSize) => new(
        (nint)arena.Take(Panels.Size(headSize, longest)),
        (nint)arena.Take(Panels.Size(longest, headSize)),
        (nint)arena.Take(Panels.Size(headSize, longest)),
        (nint)arena.Take(Arena.MatrixSize(QueryBlock, longest)),
        (nint)arena.Take(Arena.MatrixSize(QueryBlock, longest)),
        (nint)arena.Take(Arena.MatrixSize(QueryBlock, longest)));
}
