using System.Buffers.Binary;
using System.Text;

namespace BertSharp.Cli.Onnx;

/// <summary>
/// One message of Protocol Buffers (protobuf.dev/programming-guides/encoding), put together field by field. A message says
/// the lengths of its parts before them, so weights are promised by their length here and written only at the end.
/// </summary>
internal sealed class ProtoMessage
{
    private const int Varint = 0, LengthDelimited = 2, Fixed32 = 5;

    private readonly List<Action<Stream>> _parts = [];

    /// <summary>Bytes of the message.</summary>
    public long Length { get; private set; }

    /// <summary>A whole number.</summary>
    public ProtoMessage Number(int field, long value)
    {
        Tag(field, Varint);
        return Append(Encode((ulong)value));
    }

    /// <summary>A repeated whole number.</summary>
    public ProtoMessage Numbers(int field, IEnumerable<long> values)
    {
        foreach (long value in values)
        {
            Number(field, value);
        }

        return this;
    }

    /// <summary>A float of 32 bits.</summary>
    public ProtoMessage Single(int field, float value)
    {
        Tag(field, Fixed32);
        byte[] bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return Append(bytes);
    }

    /// <summary>A text.</summary>
    public ProtoMessage Text(int field, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        return Content(field, bytes.Length, stream => stream.Write(bytes));
    }

    /// <summary>A message that is complete.</summary>
    public ProtoMessage Message(int field, ProtoMessage value) => Content(field, value.Length, value.WriteTo);

    /// <summary>Repeated messages that are complete.</summary>
    public ProtoMessage Messages(int field, IEnumerable<ProtoMessage> values)
    {
        foreach (ProtoMessage value in values)
        {
            Message(field, value);
        }

        return this;
    }

    /// <summary>Bytes of a known length, which <paramref name="write"/> writes when their turn comes.</summary>
    public ProtoMessage Content(int field, long length, Action<Stream> write)
    {
        Tag(field, LengthDelimited);
        Append(Encode((ulong)length));
        _parts.Add(write);
        Length += length;
        return this;
    }

    /// <summary>Writes the message.</summary>
    public void WriteTo(Stream stream)
    {
        foreach (Action<Stream> part in _parts)
        {
            part(stream);
        }
    }

    private void Tag(int field, int wireType) => Append(Encode(((ulong)field << 3) | (uint)wireType));

    private ProtoMessage Append(byte[] bytes)
    {
        _parts.Add(stream => stream.Write(bytes));
        Length += bytes.Length;
        return this;
    }

    /// <summary>Seven bits a byte, the lowest first; the highest bit says that more follow.</summary>
    private static byte[] Encode(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }
}
