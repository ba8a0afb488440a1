namespace BertSharp;

/// <summary>
/// Cuts English prose into sentences: behind <c>.</c>, <c>!</c> or <c>?</c> and the quotes and brackets that close with it, before
/// white space and what does not go on in lower case; not behind an abbreviation or an initial.
/// </summary>
internal static class SentenceSplitter
{
    private const string Ends = ".!?…", Closing = "\"'”’)]»", Opening = " \"'“‘([«-—_*";

    /// <summary>What is written with a full stop before a name or a number.</summary>
    private static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        "mr", "mrs", "ms", "dr", "st", "mt", "prof", "rev", "hon", "capt", "col", "gen", "lt", "maj", "sgt", "esq", "messrs", "mme", "mlle",
        "jr", "sr", "vs", "cf", "viz", "e.g", "i.e", "vol", "vols", "ch", "fig", "no", "nos", "pp", "ed", "eds", "jan", "feb", "apr", "aug",
        "sept", "oct", "nov", "dec", "u.s", "approx", "var", "sp", "gov", "sen", "rep",
    };

    /// <summary>
    /// The end of the first sentence of a text; -1 where none ends before the text does. What follows it may begin with white space.
    /// </summary>
    public static int FirstEnd(ReadOnlySpan<char> text)
    {
        for (int at = 0; at < text.Length;)
        {
            int stop = text[at..].IndexOfAny(Ends);
            if (stop < 0)
            {
                return -1;
            }

            stop += at;
            int end = stop + 1;
            while (end < text.Length && (Ends.Contains(text[end]) || Closing.Contains(text[end])))
            {
                end++;
            }

            if (end >= text.Length)
            {
                return -1;
            }

            if (text[end] is ' ' or '\t' && GoesOnAnew(text[end..]) && !(text[stop] == '.' && end == stop + 1 && IsAbbreviation(text[..stop])))
            {
                return end;
            }

            at = end;
        }

        return -1;
    }

    /// <summary>Whether what follows can begin a sentence: after quotes, brackets and dashes, anything but a small letter or a comma.</summary>
    private static bool GoesOnAnew(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart('\t').TrimStart(Opening);
        return rest.IsEmpty || rest[0] is not ((>= 'a' and <= 'z') or ',' or ';' or ':' or '.' or '!' or '?');
    }

    private static bool IsAbbreviation(ReadOnlySpan<char> before)
    {
        int start = before.LastIndexOf(' ') + 1;
        ReadOnlySpan<char> word = before[start..].TrimStart(Opening);
        bool initial = word.Length == 1 && word[0] is >= 'A' and <= 'Z' and not 'I';
        bool initials = word.Length >= 3 && word[^2] == '.' && char.IsAsciiLetterUpper(word[^1]);
        return initial || initials || Abbreviations.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
    }
}
