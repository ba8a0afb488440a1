using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>Where the sums of a tile begin and end: the outputs of its rows in a strip of columns, and what scales them.</summary>
/// <param name="rowScales">One for each row of the tile.</param>
/// <param name="zeros">One for each row.</param>
/// <param name="columnScales">One for each column of the strip.</param>
/// <param name="columnSums">One for each column.</param>
/// <param name="bias">One for each column.</param>
/// <param name="y">The first output.</param>
/// <param name="stride">Float32 values between rows of <paramref name="y"/>.</param>
internal readonly unsafe struct Int8Outputs(float* rowScales, int* zeros, float* columnScales, int* columnSums, float* bias, float* y, nint stride)
{
    /// <summary>The same rows, some columns further.</summary>
    public Int8Outputs Columns(int offset) => new(rowScales, zeros, columnScales + offset, columnSums + offset, bias + offset, y + offset, stride);

    /// <summary>What the sums of a row begin with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Start<D, V>(int row, int column)
        where D : struct, IInt8Lane<V>
        where V : struct => D.Start(zeros[row], columnSums + column);

    /// <summary>Scales and stores the sums of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish<D, V>(int row, V first, V second)
        where D : struct, IInt8Lane<V>
        where V : struct => D.Finish(first, second, rowScales[row], columnScales, bias, y + (row * stride));
}
