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
    public static long Start(int* columnSums) => 0;

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
    public static void Store(long sums, int* destination) => *destination = (int)sums;
}
