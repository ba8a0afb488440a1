using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BertSharp;

/// <summary>AVX-VNNI: unsigned times signed bytes, four products added to each 32-bit sum by one instruction.</summary>
internal readonly unsafe struct Int8LaneVnni : IInt8Lane<Vector256<int>>
{
    public static int Columns => 8;

    public static int TileRows => 6;

    public static int ActivationBytes => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadWeights(sbyte* source) => Vector256.Load((int*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadActivations(byte* source) => Vector256.Create(*(int*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> activations, Vector256<int> weights, Vector256<int> sums) =>
        AvxVnni.MultiplyWideningAndAdd(sums, activations.AsByte(), weights.AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Start(int zero, int* columnSums) => Vector256.Create(-zero) * Vector256.Load(columnSums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish(Vector256<int> first, Vector256<int> second, float rowScale, float* columnScales, float* bias, float* y)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            // One wide store: wide loads of what follows would wait for two narrow ones.
            Int8Lane512.Scale(first.ToVector512Unsafe().WithUpper(second), rowScale, columnScales, bias, y);
        }
        else
        {
            Int8Lane256.Scale(first, rowScale, columnScales, bias, y);
            Int8Lane256.Scale(second, rowScale, columnScales + Columns, bias + Columns, y + Columns);
        }
    }
}
