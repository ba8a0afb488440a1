namespace BertSharp.Tests;

/// <summary>
/// Precision, recall and F1 over whole entities, as seqeval counts by default: an entity begins with B-, or with an I- that
/// does not follow its own class, and is right where class, first and last word are.
/// </summary>
internal sealed record EntityScores(int Correct, int Found, int Given)
{
    public double Precision => (double)Correct / Found;

    public double Recall => (double)Correct / Given;

    public double F1 => 2 * Precision * Recall / (Precision + Recall);

    public static EntityScores Of(IEnumerable<(string[] Given, string[] Found)> texts)
    {
        EntityScores scores = new(0, 0, 0);
        foreach ((string[] given, string[] found) in texts)
        {
            HashSet<(string, int, int)> right = [.. Entities(given)], guessed = [.. Entities(found)];
            scores = new EntityScores(scores.Correct + right.Intersect(guessed).Count(), scores.Found + guessed.Count, scores.Given + right.Count);
        }

        return scores;
    }

    public static IEnumerable<(string Label, int First, int Last)> Entities(string[] labels)
    {
        for (int first = 0; first < labels.Length;)
        {
            int last = first;
            string label = labels[first] == "O" ? "O" : labels[first][2..];
            while (last + 1 < labels.Length && labels[last + 1] == $"I-{label}")
            {
                last++;
            }

            if (label != "O")
            {
                yield return (label, first, last);
            }

            first = last + 1;
        }
    }
}
