using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace BertSharp;

/// <summary>
/// Examples of pretraining on the disk, read by position: the i-th costs two reads, whatever their number; nothing else is
/// kept in memory. Every record has a checksum, so a damaged store is an error and never a wrong example.
/// </summary>
internal sealed class ExampleStore : IDisposable
{
    private readonly string _folder;
    private readonly SafeFileHandle[] _files;
    private readonly long[] _first;

    private ExampleStore(string folder, ExampleStoreHeader header)
    {
        _folder = folder;
        Header = header;
        Hash = ExampleStoreHeader.Hex(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, ExampleStoreHeader.FileName))));
        _first = new long[header.Shards.Count + 1];
        _files = new SafeFileHandle[header.Shards.Count];
        for (int i = 0; i < _files.Length; i++)
        {
            _first[i + 1] = checked(_first[i] + header.Shards[i].Examples);
        }
    }

    /// <summary>What the store says of itself.</summary>
    public ExampleStoreHeader Header { get; }

    /// <summary>Stands for all examples: the hash of the header, which holds the shards' hashes.</summary>
    public string Hash { get; }

    /// <summary>Number of examples.</summary>
    public long Count => _first[^1];

    /// <summary>Opens a store.</summary>
    /// <exception cref="CheckpointException">It is no store, a shard is missing, or has another length.</exception>
    public static ExampleStore Open(string folder)
    {
        ExampleStore store = new(folder, ExampleStoreHeader.Read(folder));
        try
        {
            store.OpenShards();
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Reads an example; safe from many threads.</summary>
    /// <exception cref="CheckpointException">The record is damaged.</exception>
    public PretrainingExample Read(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Count);
        int shard = Array.BinarySearch(_first, number);
        shard = shard < 0 ? ~shard - 1 : shard;
        while (_first[shard + 1] == number)
        {
            shard++; // Of shards without examples.
        }

        byte[] record = ReadRecord(shard, number - _first[shard], number);
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != ExampleShard.Checksum(record.AsSpan(4)))
        {
            throw Damaged(shard, number, "the checksum does not fit");
        }

        return Decode(record, shard, number);
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_files, file => file?.Dispose());

    private void OpenShards()
    {
        for (int i = 0; i < _files.Length; i++)
        {
            ExampleShard shard = Header.Shards[i];
            string path = Path.Combine(_folder, shard.File);
            if (!File.Exists(path))
            {
                throw new CheckpointException(path, "this shard of an example store is missing; make the store anew with bert pretrain-data");
            }

            _files[i] = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
            long length = RandomAccess.GetLength(_files[i]);
            if (length != shard.Bytes || IndexStart(shard) < 0)
            {
                throw new CheckpointException(path, $"expected {shard.Bytes} bytes with {shard.Examples} examples, found {length}; make the store anew with bert pretrain-data");
            }
        }
    }

    private static long IndexStart(ExampleShard shard) => shard.Bytes / sizeof(ulong) > shard.Examples ? shard.Bytes - ((shard.Examples + 1) * sizeof(ulong)) : -1;

    private byte[] ReadRecord(int shard, long place, long number)
    {
        Span<byte> positions = stackalloc byte[2 * sizeof(ulong)];
        long index = IndexStart(Header.Shards[shard]);
        ReadExactly(shard, positions, index + (place * sizeof(ulong)), number);
        ulong start = BinaryPrimitives.ReadUInt64LittleEndian(positions), end = BinaryPrimitives.ReadUInt64LittleEndian(positions[sizeof(ulong)..]);
        if (end > (ulong)index || start > end || end - start < ExampleShard.RecordHeader || end - start > int.MaxValue)
        {
            throw Damaged(shard, number, $"it is said to lie from byte {start} to {end} of {index}");
        }

        byte[] record = new byte[(int)(end - start)];
        ReadExactly(shard, record, (long)start, number);
        return record;
    }

    private void ReadExactly(int shard, Span<byte> bytes, long position, long number)
    {
        while (!bytes.IsEmpty)
        {
            int read = RandomAccess.Read(_files[shard], bytes, position);
            if (read == 0)
            {
                throw Damaged(shard, number, "the file ends before it");
            }

            bytes = bytes[read..];
            position += read;
        }
    }

    private PretrainingExample Decode(ReadOnlySpan<byte> record, int shard, long number)
    {
        ReadOnlySpan<byte> bytes = record[ExampleShard.RecordHeader..];
        int[] ids = new int[bytes.Length / Header.IdBytes];
        for (int i = 0; i < ids.Length; i++)
        {
            ReadOnlySpan<byte> id = bytes[(i * Header.IdBytes)..];
            ids[i] = Header.IdBytes == sizeof(ushort) ? BinaryPrimitives.ReadUInt16LittleEndian(id) : BinaryPrimitives.ReadInt32LittleEndian(id);
            if ((uint)ids[i] >= (uint)Header.VocabSize)
            {
                throw Damaged(shard, number, $"it has the id {ids[i]}; the vocabulary has {Header.VocabSize}");
            }
        }

        int second = BinaryPrimitives.ReadUInt16LittleEndian(record[4..]);
        int? label = record[6] switch
        {
            ExampleShard.NoLabel => null,
            byte value and (0 or 1) => value,
            byte value => throw Damaged(shard, number, $"its next-sentence label is {value}"),
        };
        return second < ids.Length || second == 0 ? new PretrainingExample(ids, second, label) : throw Damaged(shard, number, $"its second segment begins at {second} of {ids.Length}");
    }

    private CheckpointException Damaged(int shard, long number, string problem) =>
        new(Path.Combine(_folder, Header.Shards[shard].File), $"example {number} is damaged: {problem}; make the store anew with bert pretrain-data");
}
