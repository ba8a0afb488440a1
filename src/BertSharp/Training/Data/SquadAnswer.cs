namespace BertSharp;

/// <summary>An answer that stands in a context.</summary>
/// <param name="Text">The answer.</param>
/// <param name="Start">Its first UTF-16 unit in the context.</param>
internal sealed record SquadAnswer(string Text, int Start)
{
    /// <summary>The UTF-16 unit behind its last.</summary>
    public int End => Start + Text.Length;

    /// <summary>An answer as files give it: Python counts code points.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="codePoints">How many code points stand before it.</param>
    /// <param name="context">The context.</param>
    /// <param name="record">What the error names.</param>
    /// <exception cref="BadRecordException">It does not stand there.</exception>
    public static SquadAnswer Of(string text, int codePoints, string context, JsonRecord record)
    {
        int start = 0;
        for (int left = codePoints; left > 0 && start < context.Length; left--)
        {
            start += char.IsSurrogatePair(context, start) ? 2 : 1;
        }

        return codePoints >= 0 && text.Length > 0 && string.CompareOrdinal(context, start, text, 0, text.Length) == 0
            ? new SquadAnswer(text, start)
            : throw record.Bad($"the context does not have the answer '{CheckpointException.Show(text)}' at {codePoints}; answer_start counts the code points before it");
    }
}
