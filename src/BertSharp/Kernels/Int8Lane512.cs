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
    public static Vector512<int> Start(int* columnSums) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<int> activations, Vector512<int> weights, Vector512<int> sums) => sums + Avx512BW.MultiplyAddAdjacent(activations.AsInt16(), weights.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> sums, int* destination)
    {
        Int8Lane256.Store(sums.GetLower(), destination);
        Int8Lane256.Store(sums.GetUpper(), destination + 4);
    }
}
