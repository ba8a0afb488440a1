using System.Text;

namespace BertSharp;

/// <summary>The sentences of text files in order, with the place where a document begins; a file begins one too.</summary>
internal static class TextSentences
{
    /// <summary>What has no end of a sentence for so long, in UTF-16 units, is a table or a list: it is cut at a line's end.</summary>
    private const int LongestSentence = 10_000;

    /// <summary>Reads the files one after the other.</summary>
    /// <param name="files">UTF-8 text.</param>
    /// <param name="layout">How they hold sentences.</param>
    /// <param name="tell">Told the number of bytes as they are read.</param>
    public static IEnumerable<(string Text, bool BeginsDocument)> Read(IEnumerable<string> files, TextLayout layout, Action<int>? tell = null) =>
        files.Select(file => TextLines.Read(file, tell)).SelectMany(lines => layout == TextLayout.Prose ? Prose(lines) : Lines(lines));

    private static IEnumerable<(string Text, bool BeginsDocument)> Lines(IEnumerable<string> lines)
    {
        bool begins = true;
        foreach (string line in lines)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                begins = true;
                continue;
            }

            yield return (line.Trim(), begins);
            begins = false;
        }
    }

    private static IEnumerable<(string Text, bool BeginsDocument)> Prose(IEnumerable<string> lines)
    {
        bool begins = true;
        int empty = 0;
        StringBuilder paragraph = new();
        foreach (string line in lines.Append(""))
        {
            bool ends = string.IsNullOrWhiteSpace(line);
            paragraph.Append(paragraph.Length > 0 && !ends ? " " : "").Append(line.Trim());
            foreach (string sentence in Cut(paragraph, ends))
            {
                yield return (sentence, begins);
                begins = false;
            }

            empty = ends ? empty + 1 : 0;
            begins |= empty >= 2;
        }
    }

    /// <summary>Takes the whole sentences off the start of a paragraph; its rest too, where it ends or grows too long.</summary>
    private static List<string> Cut(StringBuilder paragraph, bool ends)
    {
        List<string> sentences = [];
        ReadOnlySpan<char> text = paragraph.ToString();
        for (int end; (end = SentenceSplitter.FirstEnd(text)) > 0; text = text[end..].TrimStart())
        {
            sentences.Add(text[..end].ToString());
        }

        if (!text.IsEmpty && (ends || text.Length > LongestSentence))
        {
            sentences.Add(text.ToString());
            text = [];
        }

        paragraph.Clear().Append(text);
        return sentences;
    }
}
