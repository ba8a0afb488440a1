namespace BertSharp;

/// <summary>Scores from logits, in place, by the kernels: the same bits at every vector width.</summary>
internal static class LogitScores
{
    /// <summary>Applies a function to the logits of one input.</summary>
    public static void Apply(ScoreFunction function, Span<float> logits)
    {
        switch (function)
        {
            case ScoreFunction.None: break;
            case ScoreFunction.Sigmoid: Elementwise.Apply(Activation.Sigmoid, logits); break;
            case ScoreFunction.Softmax: Softmax(logits); break;
            default: throw new ArgumentOutOfRangeException(nameof(function), function, "Not a score function.");
        }
    }

    /// <summary>e^xᵢ / Σⱼ e^xⱼ.</summary>
    public static unsafe void Softmax(Span<float> logits)
    {
        fixed (float* x = logits)
        {
            BertSharp.Softmax.Forward(new Matrix((nint)x, 1, logits.Length, logits.Length));
        }
    }

    /// <summary>The labels with their scores, the best first (of equal ones the first), at most <paramref name="topK"/>.</summary>
    public static IReadOnlyList<ClassLabel> Sorted(IEnumerable<string> labels, float[] scores, int? topK) =>
        [.. labels.Zip(scores, (label, score) => new ClassLabel(label, score)).OrderByDescending(label => label.Score).Take(TopK(topK))];

    /// <summary>The number of results that an option asks for; all where it is null.</summary>
    /// <exception cref="ArgumentException">It is below 1.</exception>
    public static int TopK(int? topK) => topK is null or >= 1
        ? topK ?? int.MaxValue
        : throw new ArgumentException($"TopK is {topK}; expected at least 1, or null for all.", nameof(topK));

    /// <summary>The ids with the highest scores, the best first; of equal ones the lowest.</summary>
    /// <param name="scores">[V].</param>
    /// <param name="topK">At most this many.</param>
    /// <param name="candidates">Only these ids, ascending; null: all.</param>
    public static int[] Highest(ReadOnlySpan<float> scores, int topK, int[]? candidates)
    {
        int count = candidates?.Length ?? scores.Length;
        PriorityQueue<int, (float Score, int NegativeId)> best = new();
        for (int i = 0; i < count; i++)
        {
            int id = candidates?[i] ?? i;
            if (best.Count < topK)
            {
                best.Enqueue(id, (scores[id], -id));
            }
            else if (scores[id] > scores[best.Peek()])
            {
                best.EnqueueDequeue(id, (scores[id], -id));
            }
        }

        int[] ids = new int[best.Count];
        for (int i = ids.Length - 1; i >= 0; i--)
        {
            ids[i] = best.Dequeue();
        }

        return ids;
    }
}
