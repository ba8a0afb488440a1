using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BertSharp;

/// <summary>AVX-512: 16-bit numbers, two and two products added; two sums a column.</summary>
internal readonly unsafe struct Int8Lane512 : IInt8Lane<Vector512<int>>
{
    public static int Columns => 8;

    public static int TileRows => 12;

    public static int ActivationBytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadWeights(sbyte* source) => Avx512BW.ConvertToVector512Int16(Vector256.Load(source)).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadActivations(byte* source) => Vector512.Create(*(long*)source).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<int> activations, Vector512<int> weights, Vector512<int> sums) => sums + Avx512BW.MultiplyAddAdjacent(activations.AsInt16(), weights.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Start(int zero, int* columnSums) => default;

    /// <summary>Two sums a column: those at even and at odd places are gathered, then added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish(Vector512<int> first, Vector512<int> second, float rowScale, float* columnScales, float* bias, float* y)
    {
        Vector512<int> even = Vector512<int>.Indices + Vector512<int>.Indices;
        Scale(Avx512F.PermuteVar16x32x2(first, even, second) + Avx512F.PermuteVar16x32x2(first, even + Vector512<int>.One, second), rowScale, columnScales, bias, y);
    }

    /// <summary>The end of 16 columns whose sums are complete.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scale(Vector512<int> sums, float rowScale, float* columnScales, float* bias, float* y) =>
        Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(sums), Vector512.Create(rowScale) * Vector512.Load(columnScales), Vector512.Load(bias)).Store(y);
}
