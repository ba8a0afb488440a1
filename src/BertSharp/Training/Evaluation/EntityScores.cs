namespace BertSharp;

/// <summary>
/// Precision, recall and F1 over whole entities, as seqeval 1.2.2 counts by default: an entity is right where its type, first and
/// last word are.
/// </summary>
internal static class EntityScores
{
    /// <summary>The counts of each type that truth or predictions have, by name.</summary>
    /// <param name="sentences">The tags of each sentence, given and found.</param>
    /// <exception cref="ArgumentException">A sentence has more tags of one kind than of the other.</exception>
    public static SortedDictionary<string, MatchCounts> ByType(IEnumerable<(IReadOnlyList<string> Given, IReadOnlyList<string> Found)> sentences)
    {
        SortedDictionary<string, MatchCounts> counts = new(StringComparer.Ordinal);
        foreach ((IReadOnlyList<string> given, IReadOnlyList<string> found) in sentences)
        {
            if (given.Count != found.Count)
            {
                throw new ArgumentException($"A sentence has {given.Count} tags and {found.Count} were found; expected as many.", nameof(sentences));
            }

            HashSet<EntitySpan> right = [.. EntitySpan.Of(given)], guessed = [.. EntitySpan.Of(found)];
            foreach (EntitySpan span in right.Union(guessed))
            {
                MatchCounts one = new(right.Contains(span) && guessed.Contains(span) ? 1 : 0, guessed.Contains(span) ? 1 : 0, right.Contains(span) ? 1 : 0);
                counts[span.Type] = counts.GetValueOrDefault(span.Type) + one;
            }
        }

        return counts;
    }

    /// <summary>The counts over all types (seqeval's micro average).</summary>
    /// <param name="sentences">The tags of each sentence, given and found.</param>
    /// <exception cref="ArgumentException">A sentence has more tags of one kind than of the other.</exception>
    public static MatchCounts Of(IEnumerable<(IReadOnlyList<string> Given, IReadOnlyList<string> Found)> sentences) =>
        ByType(sentences).Values.Aggregate(default(MatchCounts), (a, b) => a + b);
}
