using System.IO.Compression;

namespace BertSharp;

/// <summary>
/// A file compressed with gzip (RFC 1952), read to its end. .NET's own stream ends without a word where a file was cut off: here the
/// length that stands at the end of the file must be that of what was read.
/// </summary>
internal sealed class GzipFile(FileStream file) : Stream
{
    private readonly GZipStream _content = new(file, CompressionMode.Decompress);
    private long _length;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int read = _content.Read(buffer);
        _length += read;
        if (read == 0 && buffer.Length > 0 && unchecked((uint)_length) != StatedLength())
        {
            throw new InvalidDataException("The file was cut off, or several were joined to one; compress it anew.");
        }

        return read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }

        base.Dispose(disposing);
    }

    // The last four bytes: the length modulo 2³², least byte first. An empty file is the compressed form of nothing to .NET alone.
    private uint StatedLength()
    {
        Span<byte> end = stackalloc byte[sizeof(uint)];
        return RandomAccess.Read(file.SafeFileHandle, end, Math.Max(0, file.Length - end.Length)) == end.Length
            ? System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(end) : ~unchecked((uint)_length);
    }
}
