namespace BertSharp;

/// <summary>
/// Which values of a row dropout keeps (Srivastava et al. 2014): 0 where dropped, 1 / (1 − p) where kept. The n-th value of a
/// row depends on the row's key and n alone, sixteen bits for each, so p is met within 1/65536.
/// </summary>
internal static class DropoutMask
{
    /// <summary>Fills the factors of a row.</summary>
    /// <param name="key">The row's own.</param>
    /// <param name="probability">p, 0 ≤ p &lt; 1.</param>
    /// <param name="mask">Receives the factors.</param>
    /// <param name="first">The place of the first one in the row, a multiple of four.</param>
    public static void Fill(ulong key, float probability, Span<float> mask, int first = 0)
    {
        uint threshold = (uint)((probability * 65536f) + 0.5f);
        uint kept = BitConverter.SingleToUInt32Bits(1f / (1f - probability));
        Span<uint> bits = System.Runtime.InteropServices.MemoryMarshal.Cast<float, uint>(mask);
        SplitMix64 random = new(key);
        random.Skip((ulong)first / 4);
        for (int i = 0; i <= bits.Length - 4; i += 4)
        {
            ulong next = random.Next();
            bits[i] = Factor((uint)(ushort)next, threshold, kept);
            bits[i + 1] = Factor((uint)(ushort)(next >> 16), threshold, kept);
            bits[i + 2] = Factor((uint)(ushort)(next >> 32), threshold, kept);
            bits[i + 3] = Factor((uint)(next >> 48), threshold, kept);
        }

        ulong last = random.Next();
        for (int i = bits.Length & ~3; i < bits.Length; i++, last >>= 16)
        {
            bits[i] = Factor((ushort)last, threshold, kept);
        }
    }

    // Without a branch: the difference's sign, spread over all bits, is set where the value is dropped.
    private static uint Factor(uint value, uint threshold, uint kept) => kept & ~(uint)((int)(value - threshold) >> 31);
}
