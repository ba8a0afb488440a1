using System.Text;

namespace BertSharp;

/// <summary>Texts as UTF-8: half the memory of strings, and as they are stored.</summary>
internal sealed class TextList
{
    /// <summary>Bytes of the longest text.</summary>
    public const int MaxBytes = 100_000_000;

    private readonly List<byte[]> _texts = [];

    /// <summary>Number of texts.</summary>
    public int Count => _texts.Count;

    /// <summary>A text.</summary>
    public string this[int index] => Encoding.UTF8.GetString(_texts[index]);

    /// <summary>Appends a text.</summary>
    /// <exception cref="ArgumentException">It is too long.</exception>
    public void Add(string text) => _texts.Add(Encoding.UTF8.GetByteCount(text) is var bytes && bytes <= MaxBytes
        ? Encoding.UTF8.GetBytes(text)
        : throw new ArgumentException($"A text of an index has at most {MaxBytes} bytes; text {Count} has {bytes}.", nameof(text)));

    /// <summary>Appends a text in valid UTF-8.</summary>
    public void Add(byte[] utf8) => _texts.Add(utf8);

    /// <summary>Where each text begins when all are put end to end, and where the last one ends: [Count + 1].</summary>
    public long[] Offsets()
    {
        long[] offsets = new long[Count + 1];
        for (int i = 0; i < Count; i++)
        {
            offsets[i + 1] = offsets[i] + _texts[i].Length;
        }

        return offsets;
    }

    /// <summary>Copies bytes of all texts, put end to end.</summary>
    /// <param name="offsets">What <see cref="Offsets"/> gave.</param>
    /// <param name="first">The first byte.</param>
    /// <param name="destination">Filled whole.</param>
    public void CopyTo(long[] offsets, long first, Span<byte> destination)
    {
        int text = Array.BinarySearch(offsets, first);
        text = text < 0 ? ~text - 1 : text;
        while (!destination.IsEmpty)
        {
            ReadOnlySpan<byte> rest = _texts[text].AsSpan((int)(first - offsets[text]));
            rest = rest[..Math.Min(rest.Length, destination.Length)];
            rest.CopyTo(destination);
            destination = destination[rest.Length..];
            first += rest.Length;
            text++;
        }
    }
}
