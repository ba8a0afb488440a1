namespace BertSharp;

/// <summary>
/// Labels of tokens → entities, as transformers' token classification pipeline does it (4.57,
/// <c>pipelines/token_classification.py</c>: <c>aggregate</c>, <c>aggregate_word</c>, <c>group_entities</c>).
/// </summary>
internal sealed class TokenAggregation(IReadOnlyList<string> labels, BertTokenizer tokenizer, FindOptions options)
{
    /// <summary>The entities of one window, without the labels to ignore.</summary>
    public IEnumerable<LabeledSpan> Entities(IReadOnlyList<ScoredToken> tokens)
    {
        IEnumerable<LabeledSpan> spans = options.Aggregation switch
        {
            Aggregation.None => Tokens(tokens),
            Aggregation.Simple => Groups(Tokens(tokens)),
            _ => Groups(Words(tokens)),
        };
        return spans.Where(span => !options.IgnoreLabels.Contains(span.Label));
    }

    private IEnumerable<LabeledSpan> Tokens(IEnumerable<ScoredToken> tokens) =>
        tokens.Select(token => new LabeledSpan(labels[token.Best], token.Scores.Span[token.Best], token.Word, token.Start, token.End));

    private IEnumerable<LabeledSpan> Words(IReadOnlyList<ScoredToken> tokens)
    {
        for (int first = 0; first < tokens.Count;)
        {
            int end = first + 1;
            while (end < tokens.Count && tokens[end].Continues)
            {
                end++;
            }

            yield return Word([.. tokens.Skip(first).Take(end - first)]);
            first = end;
        }
    }

    private LabeledSpan Word(ScoredToken[] tokens)
    {
        ReadOnlySpan<float> scores = options.Aggregation switch
        {
            Aggregation.First => tokens[0].Scores.Span,
            Aggregation.Average => Mean(tokens),
            _ => tokens.MaxBy(token => token.Scores.Span[token.Best]).Scores.Span,
        };
        int best = ScoredToken.IndexOfLargest(scores);
        return new LabeledSpan(labels[best], scores[best], tokenizer.Join(tokens.Select(token => token.Word)), tokens[0].Start, tokens[^1].End);
    }

    private static float[] Mean(ScoredToken[] tokens)
    {
        float[] mean = new float[tokens[0].Scores.Length];
        for (int label = 0; label < mean.Length; label++)
        {
            mean[label] = tokens.Average(token => token.Scores.Span[label]);
        }

        return mean;
    }

    private IEnumerable<LabeledSpan> Groups(IEnumerable<LabeledSpan> spans)
    {
        List<LabeledSpan> group = [];
        foreach (LabeledSpan span in spans)
        {
            if (group.Count > 0 && !Continues(group[^1].Label, span.Label))
            {
                yield return Group(group);
                group.Clear();
            }

            group.Add(span);
        }

        if (group.Count > 0)
        {
            yield return Group(group);
        }
    }

    private LabeledSpan Group(List<LabeledSpan> group)
    {
        string label = group[0].Label;
        return new LabeledSpan(
            label[(label.IndexOf('-') + 1)..], group.Average(span => span.Score), tokenizer.Join(group.Select(span => span.Word)), group[0].Start, group[^1].End);
    }

    /// <summary>Whether a label goes on with the entity of the one before: the same class, and not B-. One without B- and I- counts as I-.</summary>
    private static bool Continues(string before, string label) =>
        !label.StartsWith("B-", StringComparison.Ordinal) && ClassOf(before).SequenceEqual(ClassOf(label));

    private static ReadOnlySpan<char> ClassOf(string label) =>
        label.StartsWith("B-", StringComparison.Ordinal) || label.StartsWith("I-", StringComparison.Ordinal) ? label.AsSpan(2) : label;
}
