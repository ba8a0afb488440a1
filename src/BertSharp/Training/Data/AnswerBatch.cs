namespace BertSharp;

/// <summary>
/// Questions with contexts as a model learns to answer them (Devlin et al. 2018, sections 4.2 and 4.3): a context that does not fit
/// becomes several windows; those without the whole answer point at [CLS], the first token, as do questions without an answer.
/// </summary>
/// <param name="Batch">The windows; <see cref="TokenBatch.SourceOf"/> is the question of each.</param>
/// <param name="Starts">[B] the first token of the answer, counted in its window.</param>
/// <param name="Ends">[B] the last.</param>
internal sealed record AnswerBatch(TokenBatch Batch, int[] Starts, int[] Ends)
{
    /// <summary>Encodes questions, each with its first answer.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="questions">The questions.</param>
    /// <param name="maxLength">The most tokens of a window, special ones and the question included.</param>
    /// <param name="stride">How many tokens of the context a window repeats of the one before.</param>
    /// <exception cref="ArgumentException">A question leaves no room for its context.</exception>
    public static AnswerBatch Encode(BertTokenizer tokenizer, IReadOnlyList<SquadQuestion> questions, int maxLength, int stride)
    {
        foreach (SquadQuestion question in questions)
        {
            if (QuestionWindows.ProblemOf(tokenizer, question.Question, question.Context, maxLength, stride) is { } problem)
            {
                throw new ArgumentException($"Question {question.Id}: {problem}.", nameof(questions));
            }
        }

        TokenBatch batch = QuestionWindows.Encode(tokenizer, [.. questions.Select(question => (question.Question, question.Context))], maxLength, stride);
        int[] starts = new int[batch.Count], ends = new int[batch.Count];
        for (int window = 0; window < batch.Count; window++)
        {
            SquadQuestion question = questions[batch.SourceOf(window)];
            if (question.Answers.Count > 0)
            {
                (starts[window], ends[window]) = SpanOf(batch, window, question.Answers[0], question.Context);
            }
        }

        return new AnswerBatch(batch, starts, ends);
    }

    // The tokens that the answer touches, where the window's context holds all of it; else (0, 0).
    private static (int Start, int End) SpanOf(TokenBatch batch, int window, SquadAnswer answer, string context)
    {
        // White space at the ends of an answer has no token.
        int start = answer.Start, end = answer.End;
        for (; start < end && char.IsWhiteSpace(context[start]); start++)
        {
        }

        for (; end > start && char.IsWhiteSpace(context[end - 1]); end--)
        {
        }

        ReadOnlySpan<int> texts = batch.SequenceIds(window);
        ReadOnlySpan<TokenOffset> places = batch.CharOffsets(window);
        int from = texts.IndexOf(1), to = texts.LastIndexOf(1);
        if (from < 0 || start == end || places[from].Start > start || places[to].End < end)
        {
            return (0, 0);
        }

        while (from < to && places[from].End <= start)
        {
            from++;
        }

        while (to > from && places[to].Start >= end)
        {
            to--;
        }

        return (from, to);
    }
}
