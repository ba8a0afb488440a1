using System.Text;
using System.Text.Unicode;

namespace BertSharp;

/// <summary>
/// The lines of a UTF-8 file of any size, one at a time: a carriage return before the line feed and a byte order mark at the
/// start are left out. What is not UTF-8 is an error that names the line, never a replaced character.
/// </summary>
internal sealed class TextLines(string path, Action<int>? tell = null)
{
    /// <summary>A longer line is no line of text; it would not fit into memory.</summary>
    private const int LongestLine = 1 << 26;

    private byte[] _buffer = new byte[1 << 20];
    private int _start;
    private int _end;
    private long _line;

    /// <summary>Reads the file once, from its start.</summary>
    /// <exception cref="InvalidDataException">A line is not UTF-8, or is too long.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IEnumerable<string> Read()
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        while (true)
        {
            int length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                string line = Decode(length);
                _start += length + 1;
                yield return line;
            }
            else if (!Fill(stream))
            {
                break;
            }
        }

        if (_end > _start)
        {
            yield return Decode(_end - _start);
        }
    }

    private bool Fill(FileStream stream)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            if (_end >= LongestLine)
            {
                throw Error($"is longer than {LongestLine} bytes; expected text, with line feeds");
            }

            Array.Resize(ref _buffer, _end * 2);
        }

        int read = stream.Read(_buffer.AsSpan(_end));
        _end += read;
        tell?.Invoke(read);
        return read > 0;
    }

    private string Decode(int length)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, length);
        line = _line++ == 0 && line.StartsWith("\uFEFF"u8) ? line[3..] : line;
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        return Utf8.IsValid(line) ? Encoding.UTF8.GetString(line) : throw Error("expected UTF-8, found other bytes; save the file as UTF-8");
    }

    private InvalidDataException Error(string problem) => new($"{path}: line {Math.Max(_line, 1)}: {problem}");
}
