namespace BertSharp;

/// <summary>Entities of the windows of one text → entities of the text (transformers 4.57, <c>aggregate_overlapping_entities</c>).</summary>
internal static class EntityWindows
{
    /// <summary>Joins the windows; of entities that overlap the longest stays, of equally long ones the surest.</summary>
    public static Entity[] Join(IReadOnlyList<LabeledSpan[]> windows, SplitText text)
    {
        IEnumerable<LabeledSpan> spans = windows.SelectMany(window => window);
        return [.. (windows.Count > 1 ? WithoutOverlaps(spans, text) : spans).Select(span =>
            new Entity(span.Label, span.Start, span.End, text.Text[span.Start..span.End], span.Score, span.Word))];
    }

    private static List<LabeledSpan> WithoutOverlaps(IEnumerable<LabeledSpan> spans, SplitText text)
    {
        List<LabeledSpan> kept = [];
        foreach (LabeledSpan span in spans.OrderBy(span => span.Start))
        {
            if (kept.Count == 0 || span.Start >= kept[^1].End)
            {
                kept.Add(span);
            }
            else if (Rank(span).CompareTo(Rank(kept[^1])) > 0)
            {
                kept[^1] = span;
            }
        }

        return kept;

        (int, float) Rank(LabeledSpan span) => (text.CodePoints(span.Start, span.End), span.Score);
    }
}
