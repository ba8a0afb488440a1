using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace BertSharp;

/// <summary>Writes examples one after the other into the shards of a store; <see cref="Complete"/> writes its header last.</summary>
internal sealed class ExampleStoreWriter(string folder, BertTokenizer tokenizer, bool nextSentence, long shardBytes = 1L << 28) : IDisposable
{
    /// <summary>Ids up to this one fit into two bytes.</summary>
    private const int LargestSmallId = ushort.MaxValue;

    private readonly int _idBytes = tokenizer.VocabSize - 1 <= LargestSmallId ? sizeof(ushort) : sizeof(uint);
    private readonly List<ExampleShard> _shards = [];
    private readonly List<ulong> _positions = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _record = new byte[4096];
    private FileStream? _shard;
    private long _tokens;

    /// <summary>Examples so far.</summary>
    public long Count { get; private set; }

    public void Add(PretrainingExample example)
    {
        int length = ExampleShard.RecordHeader + (example.Ids.Length * _idBytes);
        if (_record.Length < length)
        {
            _record = new byte[length * 2];
        }

        Span<byte> record = _record.AsSpan(0, length);
        BinaryPrimitives.WriteUInt16LittleEndian(record[4..], checked((ushort)example.SecondStart));
        record[6] = (byte)(example.NextSentence ?? ExampleShard.NoLabel);
        record[7] = 0;
        for (int i = 0; i < example.Ids.Length; i++)
        {
            Span<byte> id = record[(ExampleShard.RecordHeader + (i * _idBytes))..];
            if (_idBytes == sizeof(ushort))
            {
                BinaryPrimitives.WriteUInt16LittleEndian(id, (ushort)example.Ids[i]);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(id, example.Ids[i]);
            }
        }

        BinaryPrimitives.WriteUInt32LittleEndian(record, ExampleShard.Checksum(record[4..]));
        FileStream shard = _shard ??= new(Path.Combine(folder, FileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 20);
        _positions.Add((ulong)shard.Position);
        Append(shard, record);
        _tokens += example.Ids.Length;
        Count++;
        if (shard.Position >= shardBytes)
        {
            CloseShard();
        }
    }

    /// <summary>Writes the rest and the header.</summary>
    /// <param name="origin">What the examples were made of.</param>
    public void Complete(JsonObject origin)
    {
        CloseShard();
        ExampleStoreHeader header = new(_idBytes, tokenizer.VocabSize, ExampleStoreHeader.HashOf(tokenizer), _tokens, nextSentence, origin, _shards);
        AtomicFile.Write(Path.Combine(folder, ExampleStoreHeader.FileName), stream => stream.Write(header.Write()));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _shard?.Dispose();
        _hash.Dispose();
    }

    private string FileName() => _shards.Count.ToString("D5", CultureInfo.InvariantCulture) + ".examples";

    private void CloseShard()
    {
        if (_shard is null)
        {
            return;
        }

        _positions.Add((ulong)_shard.Position);
        byte[] positions = new byte[_positions.Count * sizeof(ulong)];
        for (int i = 0; i < _positions.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(positions.AsSpan(i * sizeof(ulong)), _positions[i]);
        }

        Append(_shard, positions);
        _shards.Add(new ExampleShard(FileName(), _positions.Count - 1, _shard.Position, ExampleStoreHeader.Hex(_hash.GetHashAndReset())));
        _shard.Flush(flushToDisk: true);
        _shard.Dispose();
        _shard = null;
        _positions.Clear();
    }

    private void Append(FileStream shard, ReadOnlySpan<byte> bytes)
    {
        shard.Write(bytes);
        _hash.AppendData(bytes);
    }
}
