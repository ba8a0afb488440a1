using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>One float32 value: the slow twin of the vector lanes, and the lane of a machine without vectors.</summary>
internal readonly unsafe struct LaneScalar : ILane<float>
{
    public static int Count => 1;

    public static int TileRows => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(float* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float value, float* destination) => *destination = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadFirst(float* source, int count, float others) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(float value, float* destination, int count) => *destination = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Broadcast(float value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float left, float right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Subtract(float left, float right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Multiply(float left, float right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Divide(float left, float right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sqrt(float value) => float.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Fma(float left, float right, float addend) => float.FusedMultiplyAdd(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LessThan(float left, float right) => BitConverter.Int32BitsToSingle(left < right ? -1 : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Select(float mask, float whenTrue, float whenFalse) => BitConverter.SingleToInt32Bits(mask) != 0 ? whenTrue : whenFalse;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Min(float left, float right) => float.MinNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(float left, float right) => float.MaxNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Abs(float value) => float.Abs(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float CopySign(float magnitude, float sign) => float.CopySign(magnitude, sign);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float PowerOfTwo(float shifted) => BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(shifted) + 127) << 23);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LowerHalf(float words) => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(words) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float UpperHalf(float words) => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(words) & 0xFFFF0000);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SignedByte(float words, int place) => (sbyte)(BitConverter.SingleToInt32Bits(words) >> (8 * place));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreLowBytes(float words, byte* destination) => *destination = (byte)BitConverter.SingleToInt32Bits(words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreLowHalves(float words, short* destination) => *destination = (short)BitConverter.SingleToInt32Bits(words);
}
