using System.Runtime.CompilerServices;

namespace BertSharp;

/// <summary>
/// Two vectors of another lane, each operation on both in turn: an elementary function is one long chain, and a processor
/// that is handed the steps of two chains alternately waits less than one that is handed them one after the other.
/// </summary>
/// <typeparam name="L">The lane of the two.</typeparam>
/// <typeparam name="V">Its raw vector.</typeparam>
internal readonly unsafe struct LanePair<L, V> : ILane<VectorPair<V>>
    where L : struct, ILane<V>
    where V : struct
{
    public static int Count => 2 * L.Count;

    public static int TileRows => L.TileRows;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Load(float* source) => new(L.Load(source), L.Load(source + L.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(VectorPair<V> value, float* destination)
    {
        L.Store(value.First, destination);
        L.Store(value.Second, destination + L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> LoadFirst(float* source, int count, VectorPair<V> others) =>
        count < L.Count ? new(L.LoadFirst(source, count, others.First), others.Second)
        : count == L.Count ? new(L.Load(source), others.Second)
        : new(L.Load(source), L.LoadFirst(source + L.Count, count - L.Count, others.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(VectorPair<V> value, float* destination, int count)
    {
        if (count < L.Count)
        {
            L.StoreFirst(value.First, destination, count);
            return;
        }

        L.Store(value.First, destination);
        if (count > L.Count)
        {
            L.StoreFirst(value.Second, destination + L.Count, count - L.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Broadcast(float value)
    {
        V both = L.Broadcast(value);
        return new(both, both);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Add(VectorPair<V> left, VectorPair<V> right) => new(L.Add(left.First, right.First), L.Add(left.Second, right.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Subtract(VectorPair<V> left, VectorPair<V> right) => new(L.Subtract(left.First, right.First), L.Subtract(left.Second, right.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Multiply(VectorPair<V> left, VectorPair<V> right) => new(L.Multiply(left.First, right.First), L.Multiply(left.Second, right.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Divide(VectorPair<V> left, VectorPair<V> right) => new(L.Divide(left.First, right.First), L.Divide(left.Second, right.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> LessThan(VectorPair<V> left, VectorPair<V> right) => new(L.LessThan(left.First, right.First), L.LessThan(left.Second, right.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Sqrt(VectorPair<V> value) => new(L.Sqrt(value.First), L.Sqrt(value.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Min(VectorPair<V> left, VectorPair<V> right) => new(L.Min(left.First, right.First), L.Min(left.Second, right.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Max(VectorPair<V> left, VectorPair<V> right) => new(L.Max(left.First, right.First), L.Max(left.Second, right.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Abs(VectorPair<V> value) => new(L.Abs(value.First), L.Abs(value.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> PowerOfTwo(VectorPair<V> value) => new(L.PowerOfTwo(value.First), L.PowerOfTwo(value.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> CopySign(VectorPair<V> magnitude, VectorPair<V> sign) => new(L.CopySign(magnitude.First, sign.First), L.CopySign(magnitude.Second, sign.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Fma(VectorPair<V> left, VectorPair<V> right, VectorPair<V> addend) => new(L.Fma(left.First, right.First, addend.First), L.Fma(left.Second, right.Second, addend.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> Select(VectorPair<V> mask, VectorPair<V> whenTrue, VectorPair<V> whenFalse) => new(L.Select(mask.First, whenTrue.First, whenFalse.First), L.Select(mask.Second, whenTrue.Second, whenFalse.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> LowerHalf(VectorPair<V> words) => new(L.LowerHalf(words.First), L.LowerHalf(words.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> UpperHalf(VectorPair<V> words) => new(L.UpperHalf(words.First), L.UpperHalf(words.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<V> SignedByte(VectorPair<V> words, int place) => new(L.SignedByte(words.First, place), L.SignedByte(words.Second, place));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreLowBytes(VectorPair<V> words, byte* destination)
    {
        L.StoreLowBytes(words.First, destination);
        L.StoreLowBytes(words.Second, destination + L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreLowHalves(VectorPair<V> words, short* destination)
    {
        L.StoreLowHalves(words.First, destination);
        L.StoreLowHalves(words.Second, destination + L.Count);
    }
}
