using System.Globalization;
using System.Text;

namespace BertSharp;

/// <summary>How the official scripts of SQuAD compare two answers (<c>evaluate-v1.1.py</c>, <c>evaluate-v2.0.py</c>).</summary>
internal static class SquadText
{
    /// <summary>Lower case, without ASCII punctuation, without the words a, an and the, one space between words.</summary>
    public static string Normalize(string answer) => string.Join(' ', Words(answer));

    /// <summary>1 where both answers are the same after normalisation, else 0.</summary>
    public static double ExactMatch(string found, string given) => Normalize(found) == Normalize(given) ? 1 : 0;

    /// <summary>The harmonic mean of precision and recall over words; 0 where no word is common.</summary>
    public static double F1(string found, string given)
    {
        string[] words = Words(found), right = Words(given);
        Dictionary<string, int> left = right.CountBy(word => word).ToDictionary();
        int common = words.Count(word => left.GetValueOrDefault(word) > 0 && left[word]-- > 0);
        return common == 0 ? 0 : 2.0 * common / (words.Length + right.Length);
    }

    /// <summary>The words of an answer after normalisation.</summary>
    public static string[] Words(string answer)
    {
        StringBuilder text = new(answer.Length);
        StringBuilder word = new();
        foreach (Rune rune in Lower(answer).EnumerateRunes())
        {
            if (rune.IsAscii && IsPunctuation((char)rune.Value))
            {
                continue;
            }

            if (IsWord(rune))
            {
                word.Append(rune.ToString());
                continue;
            }

            Flush();
            text.Append(IsSpace(rune) ? " " : rune.ToString());
        }

        Flush();
        return text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);

        // Python's \b(a|an|the)\b is a whole run of letters and digits; it becomes a space, what stands about it stays.
        void Flush()
        {
            text.Append(word.ToString() is "a" or "an" or "the" ? " " : word.ToString());
            word.Clear();
        }
    }

    // Python's lower() differs from the simple mapping in two places: İ, and Σ at the end of a word.
    private static string Lower(string text)
    {
        string simple = text.ToLowerInvariant();
        StringBuilder lower = new(simple.Length);
        for (int i = 0; i < simple.Length; i++)
        {
            bool endsWord = i > 0 && char.IsLetter(text[i - 1]) && !(i + 1 < text.Length && char.IsLetter(text[i + 1]));
            lower.Append(text[i] switch
            {
                'İ' => "i\u0307",
                'Σ' => endsWord ? "ς" : "σ",
                _ => simple.AsSpan(i, 1),
            });
        }

        return lower.ToString();
    }

    private static bool IsPunctuation(char c) => c is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~');

    // Python's \w over text: letters and numbers of any kind; marks are none. The underscore is punctuation, and gone.
    private static bool IsWord(Rune rune) => Rune.GetUnicodeCategory(rune) is >= UnicodeCategory.UppercaseLetter and <= UnicodeCategory.OtherLetter
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    // Python's split() counts the four information separators too.
    private static bool IsSpace(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value is >= 0x1C and <= 0x1F;
}
