using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BertSharp;

/// <summary>AVX2: 16-bit numbers, two and two products added; two sums a column.</summary>
internal readonly unsafe struct Int8Lane256 : IInt8Lane<Vector256<int>>
{
    public static int Columns => 4;

    public static int TileRows => 6;

    public static int ActivationBytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadWeights(sbyte* source) => Avx2.ConvertToVector256Int16(Vector128.Load(source)).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadActivations(byte* source) => Vector256.Create(*(long*)source).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> activations, Vector256<int> weights, Vector256<int> sums) => sums + Avx2.MultiplyAddAdjacent(activations.AsInt16(), weights.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Start(int zero, int* columnSums) => default;

    /// <summary>Two sums a column; the addition of neighbours leaves the columns of the two vectors by halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish(Vector256<int> first, Vector256<int> second, float rowScale, float* columnScales, float* bias, float* y) =>
        Scale(Avx2.Permute4x64(Avx2.HorizontalAdd(first, second).AsInt64(), 0b11_01_10_00).AsInt32(), rowScale, columnScales, bias, y);

    /// <summary>The end of 8 columns whose sums are complete.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scale(Vector256<int> sums, float rowScale, float* columnScales, float* bias, float* y) =>
        Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(sums), Vector256.Create(rowScale) * Vector256.Load(columnScales), Vector256.Load(bias)).Store(y);
}
