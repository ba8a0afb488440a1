namespace BertSharp;

/// <summary>The best answers of one window (transformers 4.57, <c>select_starts_ends</c> and <c>decode_spans</c>).</summary>
/// <param name="Spans">The best spans of tokens, counted in the window, best first.</param>
/// <param name="NoAnswer">The probability that start and end are the first token, [CLS]: no answer.</param>
internal sealed record WindowSpans(IReadOnlyList<(int Start, int End, float Score)> Spans, float NoAnswer)
{
    /// <summary>Finds the best spans of a window's context.</summary>
    /// <param name="start">[S] start logits.</param>
    /// <param name="end">[S] end logits.</param>
    /// <param name="texts">[S] which text each token is of: 1 is the context.</param>
    /// <param name="scratch">Memory to work in.</param>
    /// <param name="count">How many spans are wanted.</param>
    /// <param name="maxLength">Most tokens of a span.</param>
    public static WindowSpans Of(ReadOnlySpan<float> start, ReadOnlySpan<float> end, ReadOnlySpan<int> texts, PinnedRows scratch, int count, int maxLength)
    {
        int first = texts.IndexOf(1), tokens = texts.Count(1);
        scratch.Resize(2, 1 + tokens);
        Span<float> starts = scratch.Matrix.RowSpan(0), ends = scratch.Matrix.RowSpan(1);
        (starts[0], ends[0]) = (start[0], end[0]);
        if (tokens > 0)
        {
            start.Slice(first, tokens).CopyTo(starts[1..]);
            end.Slice(first, tokens).CopyTo(ends[1..]);
        }

        // Over [CLS] and the context alone: all other tokens have probability 0.
        Softmax.Forward(scratch.Matrix);
        List<(int Start, int End, float Score)> spans = [];
        for (int i = 0; i < tokens; i++)
        {
            for (int j = i; j < tokens && j - i < maxLength; j++)
            {
                // Where there are too few, the reference fills up with spans of score 0 in no certain order; here they are left out.
                float score = starts[1 + i] * ends[1 + j];
                if (score > 0)
                {
                    spans.Add((first + i, first + j, score));
                }
            }
        }

        return new WindowSpans([.. spans.OrderByDescending(span => span.Score).Take(count)], starts[0] * ends[0]);
    }
}
