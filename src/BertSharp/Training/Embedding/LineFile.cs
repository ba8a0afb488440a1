using System.Security.Cryptography;
using System.Text;

namespace BertSharp;

/// <summary>A UTF-8 text file whose lines are read by number, without being held in memory.</summary>
internal sealed class LineFile : IDisposable
{
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _handle;
    private readonly List<long> _starts = [0];

    /// <summary>Reads the file once to find its lines.</summary>
    public LineFile(string path)
    {
        _handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 20];
        long position = 0;
        for (int read; (read = RandomAccess.Read(_handle, buffer, position)) > 0; position += read)
        {
            ReadOnlySpan<byte> bytes = buffer.AsSpan(0, read);
            hash.AppendData(bytes);
            for (int at = 0, next; (next = bytes[at..].IndexOf((byte)'\n')) >= 0; at += next + 1)
            {
                _starts.Add(position + at + next + 1);
            }
        }

        if (_starts[^1] != position)
        {
            _starts.Add(position);
        }

        Hash = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Number of lines.</summary>
    public int Count => _starts.Count - 1;

    /// <summary>The SHA-256 of the file.</summary>
    public string Hash { get; }

    /// <summary>A line without its end.</summary>
    public string this[long line]
    {
        get
        {
            byte[] bytes = new byte[checked((int)(_starts[(int)line + 1] - _starts[(int)line]))];
            RandomAccess.Read(_handle, bytes, _starts[(int)line]);
            return Encoding.UTF8.GetString(bytes).TrimEnd('\n');
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
