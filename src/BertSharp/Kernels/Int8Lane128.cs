using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace BertSharp;

/// <summary>SSE2 and NEON: 16-bit numbers, two and two products added; two sums a column.</summary>
internal readonly unsafe struct Int8Lane128 : IInt8Lane<Vector128<int>>
{
    public static int Columns => 2;

    public static int TileRows => 6;

    public static int ActivationBytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadWeights(sbyte* source) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)source).AsSByte()).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadActivations(byte* source) => Vector128.Create(*(long*)source).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAdd(Vector128<int> activations, Vector128<int> weights, Vector128<int> sums) => sums + MultiplyAddAdjacent(activations.AsInt16(), weights.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Start(int zero, int* columnSums) => default;

    /// <summary>Two sums a column: those at even and at odd places are gathered, then added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish(Vector128<int> first, Vector128<int> second, float rowScale, float* columnScales, float* bias, float* y)
    {
        Vector128<int> sums = Vector128.Create(first[0], first[2], second[0], second[2]) + Vector128.Create(first[1], first[3], second[1], second[3]);
        Vector128.FusedMultiplyAdd(Vector128.ConvertToSingle(sums), Vector128.Create(rowScale) * Vector128.Load(columnScales), Vector128.Load(bias)).Store(y);
    }


    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> MultiplyAddAdjacent(Vector128<short> left, Vector128<short> right)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.MultiplyAddAdjacent(left, right);
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.Arm64.AddPairwise(AdvSimd.MultiplyWideningLower(left.GetLower(), right.GetLower()), AdvSimd.MultiplyWideningUpper(left, right));
        }

        Vector128<int> low = Vector128.WidenLower(left) * Vector128.WidenLower(right), high = Vector128.WidenUpper(left) * Vector128.WidenUpper(right);
        return Vector128.Create(low[0] + low[1], low[2] + low[3], high[0] + high[1], high[2] + high[3]);
    }
}
