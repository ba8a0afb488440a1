namespace BertSharp.Benchmarks;

/// <summary>How many texts a tokenizer gives other ids than the Hugging Face tokenizer, and the code points of some of them.</summary>
internal sealed record TokenizerDifferences(string Tokenizer, int Texts, string[] Examples)
{
    private const int MostExamples = 8;

    public static TokenizerDifferences Of(string tokenizer, string[] texts, string[] expected, string[] found)
    {
        int[] different = [.. Enumerable.Range(0, texts.Length).Where(i => expected[i] != found[i])];
        return new(tokenizer, different.Length, [.. different.OrderBy(i => texts[i].Length).Take(MostExamples).Select(i => Example(texts[i], expected[i], found[i]))]);
    }

    private static string Example(string text, string expected, string found)
    {
        string[] left = expected.Split(' '), right = found.Split(' ');
        int at = 0;
        while (at < left.Length && at < right.Length && left[at] == right[at])
        {
            at++;
        }

        string shown = string.Concat(text.Take(24).Select(unit => unit is >= ' ' and <= '~' ? unit.ToString() : $"<{(int)unit:X4}>"));
        return $"{shown}{(text.Length > 24 ? "…" : "")}: token {at} is {left.ElementAtOrDefault(at) ?? "none"}, here {right.ElementAtOrDefault(at) ?? "none"}";
    }
}
