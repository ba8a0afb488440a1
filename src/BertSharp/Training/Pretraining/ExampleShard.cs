namespace BertSharp;

/// <summary>One file of a store: records end to end, then the position of each, and of their end, as uint64.</summary>
/// <param name="File">Its name.</param>
/// <param name="Examples">Number of records.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Hash">SHA-256 of the file.</param>
internal sealed record ExampleShard(string File, long Examples, long Bytes, string Hash)
{
    /// <summary>
    /// Bytes before a record's ids: CRC-32C of all that follows (uint32), start of the second segment (uint16), next-sentence label
    /// (0, 1, or 255 for none), 0.
    /// </summary>
    public const int RecordHeader = 8;

    /// <summary>The label's byte where there is none.</summary>
    public const byte NoLabel = 255;

    /// <summary>CRC-32C (Castagnoli) as iSCSI has it.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = System.Numerics.BitOperations.Crc32C(crc, System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte one in bytes)
        {
            crc = System.Numerics.BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }
}
