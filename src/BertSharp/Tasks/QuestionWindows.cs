namespace BertSharp;

/// <summary>Questions with their contexts → tokens: a context that does not fit becomes several windows, each behind the question.</summary>
internal static class QuestionWindows
{
    /// <summary>The tokens of all windows, with their places in the contexts.</summary>
    public static TokenBatch Encode(BertTokenizer tokenizer, IReadOnlyList<(string Question, string Context)> inputs, int length, int stride) =>
        tokenizer.Encode(inputs, new EncodeOptions { MaxLength = length, Truncation = Truncation.OnlySecond, Stride = stride, Offsets = true });

    /// <summary>Why a question cannot be asked of a context with windows of so many tokens; null where it can.</summary>
    public static string? ProblemOf(BertTokenizer tokenizer, string question, string context, int length, int stride)
    {
        if (question.Length == 0 || context.Length == 0)
        {
            return $"the {(question.Length == 0 ? "question" : "context")} is empty; expected a text";
        }

        int taken = tokenizer.Encode(question, "").TokenCount;
        return length - taken > stride || tokenizer.Encode(question, context).TokenCount <= length
            ? null
            : $"the question takes {taken} of the {length} tokens of a window, special ones included, and leaves {Math.Max(length - taken, 0)} for the context, "
                + $"where more than the stride of {stride} are needed; shorten the question, raise the length of windows or lower the stride";
    }
}
