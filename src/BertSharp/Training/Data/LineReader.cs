using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace BertSharp;

/// <summary>Reads UTF-8 lines in constant memory, and knows their numbers; a line that is not UTF-8 is an error, not a guess.</summary>
internal sealed class LineReader(Stream stream, string name) : IDisposable
{
    /// <summary>A line is held in memory whole, so it has a limit.</summary>
    internal const int MaxLineBytes = 1 << 26;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _atEnd;

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; } = name;

    /// <summary>The number of the line read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>File and number of the line read last, for messages.</summary>
    public string Place => BadRecordException.PlaceOf(Name, Number);

    /// <summary>Bytes of the lines read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The next line, without its end (LF or CR LF).</summary>
    public bool TryRead([NotNullWhen(true)] out string? line)
    {
        int length = FindEnd(out int past);
        line = null;
        if (past == 0)
        {
            return false;
        }

        Number++;
        BytesRead += past;
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start, length);
        _start += past;
        if (Number == 1 && bytes.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        line = Decode(bytes.EndsWith("\r"u8) ? bytes[..^1] : bytes);
        return true;
    }

    public void Dispose() => stream.Dispose();

    private string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw BadRecordException.At(Place, "not UTF-8 text; convert the file first, for instance with iconv -f latin1 -t utf-8");
        }
    }

    // The length of the line at _start, and how many bytes it takes with its end; 0 where there is none.
    private int FindEnd(out int past)
    {
        int searched = 0;
        while (true)
        {
            int at = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                past = searched + at + 1;
                return past - 1;
            }

            searched = _end - _start;
            if (_atEnd)
            {
                past = searched;
                return searched;
            }

            Fill();
        }
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_end >= MaxLineBytes)
            {
                throw new DataFileException(string.Create(CultureInfo.InvariantCulture, $"{Name}:{Number + 1}: the line is longer than {MaxLineBytes >> 20} MiB; is this a text file?"));
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read = ReadBytes(_buffer.AsSpan(_end));
        _end += read;
        _atEnd = read == 0;
    }

    private int ReadBytes(Span<byte> bytes)
    {
        try
        {
            return stream.Read(bytes);
        }
        catch (InvalidDataException error)
        {
            throw new DataFileException(string.Create(CultureInfo.InvariantCulture, $"{Name}: what is compressed is damaged behind line {Number}: {error.Message}"));
        }
    }
}
