using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>One column: the slow twin of the vector lanes. Four 16-bit activations, or four weights, fit one 64-bit word.</summary>
internal readonly unsafe struct Int8LaneScalar : IInt8Lane<long>
{
    public static int Columns => 1;

    public static int TileRows => 6;

    public static int ActivationBytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long LoadWeights(sbyte* source) => *(int*)source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long LoadActivations(byte* source) => *(long*)source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long MultiplyAdd(long activations, long weights, long sums)
    {
        for (int i = 0; i < Int8Panels.Group; i++)
        {
            sums += (short)(activations >> (16 * i)) * (sbyte)(weights >> (8 * i));
        }

        return sums;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Start(int zero, int* columnSums) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish(long first, long second, float rowScale, float* columnScales, float* bias, float* y)
    {
        y[0] = float.FusedMultiplyAdd((int)first, rowScale * columnScales[0], bias[0]);
        y[1] = float.FusedMultiplyAdd((int)second, rowScale * columnScales[1], bias[1]);
    }
}
