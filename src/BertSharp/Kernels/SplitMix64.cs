namespace BertSharp;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014): a number is hashed, so that the n-th value of a stream is had without those before it.
/// The one source of randomness: same seed, same bits, on every machine.
/// </summary>
/// <param name="seed">Any number; streams of different seeds have nothing in common.</param>
internal struct SplitMix64(ulong seed)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state = seed;

    /// <summary>The hash of a number: a bijection whose output bits look random.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A seed made of a seed and a number, such as a step's: the order of several such calls counts.</summary>
    public static ulong Derive(ulong seed, ulong number) => Mix(Mix(seed + Golden) + (Golden * (number + 1)));

    /// <summary>The next 64 bits.</summary>
    public ulong Next() => Mix(_state += Golden);

    /// <summary>Leaves values out.</summary>
    public void Skip(ulong values) => _state += Golden * values;

    /// <summary>A number 0 … <paramref name="bound"/> − 1, uniform up to 2⁻⁶⁴·bound (Lemire 2019, without rejection).</summary>
    public int NextBelow(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>A number in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextUnit() => (Next() >> 11) * (1.0 / (1UL << 53));
}
