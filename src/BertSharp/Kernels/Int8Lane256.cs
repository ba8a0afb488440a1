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
    public static Vector256<int> Start(int* columnSums) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> activations, Vector256<int> weights, Vector256<int> sums) => sums + Avx2.MultiplyAddAdjacent(activations.AsInt16(), weights.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> sums, int* destination) => Ssse3.HorizontalAdd(sums.GetLower(), sums.GetUpper()).Store(destination);
}
