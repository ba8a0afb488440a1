using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace BertSharp;

/// <summary>
/// A run between two steps, in one file: <c>BERTRUN1</c>, the length of the header (8 bytes, little-endian), the header (JSON:
/// state, identity, parameters), then of each parameter its values, first and second moments (float32, little-endian, in the
/// layout of the memory), then the SHA-256 of all before. It is written beside its place and renamed: whole or not there.
/// </summary>
internal static class RunCheckpoint
{
    // A write of this size is one call, and one hash update.
    private const int Piece = 1 << 20;

    private static ReadOnlySpan<byte> Magic => "BERTRUN1"u8;

    /// <summary>Writes a checkpoint to the disk.</summary>
    public static void Write(string file, RunState state, IReadOnlyDictionary<string, string> identity, Optimizer optimizer)
    {
        byte[] header = Encoding.UTF8.GetBytes(Header(state, identity, optimizer).ToJsonString());
        byte[] start = new byte[Magic.Length + sizeof(long)];
        Magic.CopyTo(start);
        BinaryPrimitives.WriteInt64LittleEndian(start.AsSpan(Magic.Length), header.Length);
        AtomicFile.Write(file, stream =>
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Write(stream, hash, start);
            Write(stream, hash, header);
            for (int i = 0; i < optimizer.Parameters.Count; i++)
            {
                Write(stream, hash, MemoryMarshal.AsBytes(optimizer.Parameters[i].Values));
                Write(stream, hash, MemoryMarshal.AsBytes(optimizer.Moments.FirstValues(i)));
                Write(stream, hash, MemoryMarshal.AsBytes(optimizer.Moments.SecondValues(i)));
            }

            stream.Write(hash.GetHashAndReset());
        });
    }

    /// <summary>Whether a file is a checkpoint with its right checksum.</summary>
    public static bool IsWhole(string file)
    {
        using FileStream stream = File.OpenRead(file);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[Piece];
        long left = stream.Length - SHA256.HashSizeInBytes;
        if (left < Magic.Length + sizeof(long))
        {
            return false;
        }

        for (; left > 0; left -= Math.Min(left, Piece))
        {
            Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(left, Piece));
            stream.ReadExactly(piece);
            hash.AppendData(piece);
        }

        Span<byte> stored = stackalloc byte[SHA256.HashSizeInBytes];
        stream.ReadExactly(stored);
        return stored.SequenceEqual(hash.GetHashAndReset());
    }

    /// <summary>Reads a whole checkpoint into the weights and moments.</summary>
    /// <exception cref="CheckpointException">It is of other options or another model.</exception>
    public static RunState Read(string file, IReadOnlyDictionary<string, string> identity, Optimizer optimizer)
    {
        using FileStream stream = File.OpenRead(file);
        Span<byte> start = stackalloc byte[Magic.Length + sizeof(long)];
        stream.ReadExactly(start);
        long length = BinaryPrimitives.ReadInt64LittleEndian(start[Magic.Length..]);
        if (!start.StartsWith(Magic) || length < 0 || length > Math.Min(stream.Length, JsonFile.MaxBytes))
        {
            throw new CheckpointException(file, "is not a checkpoint of this version of BertSharp; give another folder");
        }

        byte[] bytes = new byte[length];
        stream.ReadExactly(bytes);
        JsonNode header = JsonNode.Parse(bytes)!;
        RunIdentity.RequireSame(file, header["identity"]!.AsObject().ToDictionary(entry => entry.Key, entry => (string)entry.Value!), identity, (long)header["state"]!["step"]!);
        RequireSameParameters(file, header["parameters"]!.AsObject(), optimizer.Parameters);
        for (int i = 0; i < optimizer.Parameters.Count; i++)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(optimizer.Parameters[i].Values));
            stream.ReadExactly(MemoryMarshal.AsBytes(optimizer.Moments.FirstValues(i)));
            stream.ReadExactly(MemoryMarshal.AsBytes(optimizer.Moments.SecondValues(i)));
        }

        return RunState.FromJson(header["state"]!);
    }

    private static JsonObject Header(RunState state, IReadOnlyDictionary<string, string> identity, Optimizer optimizer) => new()
    {
        ["state"] = state.ToJson(),
        ["identity"] = new JsonObject(identity.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))),
        ["parameters"] = new JsonObject(optimizer.Parameters.Select(parameter => KeyValuePair.Create(parameter.Info.Name, (JsonNode?)parameter.Length))),
    };

    private static void RequireSameParameters(string file, JsonObject stored, IReadOnlyList<TrainedParameter> parameters)
    {
        if (stored.Count != parameters.Count)
        {
            throw new CheckpointException(file, $"expected {parameters.Count} parameters, found {stored.Count}; give the model that was trained, or another folder");
        }

        foreach ((TrainedParameter expected, KeyValuePair<string, JsonNode?> found) in parameters.Zip(stored))
        {
            if (expected.Info.Name != found.Key || expected.Length != (long?)found.Value)
            {
                throw new CheckpointException(file, $"expected {expected.Info.Name} with {expected.Length} values, found {found.Key} with {found.Value}; give the model that was trained, or another folder", expected.Info.Name);
            }
        }
    }

    private static void Write(FileStream stream, IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(Piece, bytes.Length)..])
        {
            ReadOnlySpan<byte> piece = bytes[..Math.Min(Piece, bytes.Length)];
            hash.AppendData(piece);
            stream.Write(piece);
        }
    }
}
