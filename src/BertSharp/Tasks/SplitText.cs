namespace BertSharp;

/// <summary>A text to label, perhaps given in words: then it is the words with one space between them.</summary>
internal sealed class SplitText
{
    private readonly int[]? _wordStarts;

    public SplitText(string text) => Text = text;

    public SplitText(IReadOnlyList<string> words)
    {
        Text = string.Join(' ', words);
        _wordStarts = new int[words.Count];
        for (int i = 1; i < words.Count; i++)
        {
            _wordStarts[i] = _wordStarts[i - 1] + words[i - 1].Length + 1;
        }
    }

    /// <summary>The text that spans are of.</summary>
    public string Text { get; }

    /// <summary>A token's place in the text, from its place in its word.</summary>
    public TokenOffset PlaceOf(TokenOffset place, int word) =>
        _wordStarts is null ? place : new TokenOffset(place.Start + _wordStarts[word], place.End + _wordStarts[word]);

    /// <summary>The number of code points from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public int CodePoints(int start, int end) => CodePoints(Text.AsSpan(start, end - start));

    /// <summary>The number of code points of a text.</summary>
    public static int CodePoints(ReadOnlySpan<char> text)
    {
        int count = text.Length;
        for (int i = 1; i < text.Length; i++)
        {
            count -= char.IsSurrogatePair(text[i - 1], text[i]) ? 1 : 0;
        }

        return count;
    }
}
