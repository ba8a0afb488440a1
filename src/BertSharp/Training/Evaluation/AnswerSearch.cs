namespace BertSharp;

/// <summary>
/// The answer of all windows of a context from their logits, as transformers' examples and Google's <c>run_squad.py</c> find it: the
/// span with the highest sum of start and end logit, beside [CLS] at both, which is no answer. Sums of different windows are compared as
/// they are, so that a threshold over <see cref="SquadPrediction.NoAnswer"/> means the same for all questions.
/// </summary>
/// <param name="question">The question.</param>
internal sealed class AnswerSearch(SquadQuestion question)
{
    private const int Candidates = 20; // n_best_size
    private const int MaxTokens = 30; // max_answer_length

    private float _best = float.NegativeInfinity;
    private float _none = float.PositiveInfinity;
    private string _text = "";

    /// <summary>What was found in the windows so far: the best text, and how far the least sum of [CLS] is above it.</summary>
    public SquadPrediction Found => new(question.Id, _text, _text.Length == 0 ? double.PositiveInfinity : (double)_none - _best);

    /// <summary>Searches a window.</summary>
    /// <param name="batch">The batch with the window, encoded with offsets.</param>
    /// <param name="window">Its sequence.</param>
    /// <param name="start">[S] start logits.</param>
    /// <param name="end">[S] end logits.</param>
    public void Add(TokenBatch batch, int window, ReadOnlySpan<float> start, ReadOnlySpan<float> end)
    {
        _none = Math.Min(_none, start[0] + end[0]);
        ReadOnlySpan<int> texts = batch.SequenceIds(window);
        ReadOnlySpan<TokenOffset> places = batch.CharOffsets(window);
        int[] ends = Best(end, texts);
        foreach (int first in Best(start, texts))
        {
            foreach (int last in ends)
            {
                float score = start[first] + end[last];
                if (last >= first && last - first < MaxTokens && score > _best)
                {
                    _best = score;
                    _text = question.Context[places[first].Start..places[last].End];
                }
            }
        }
    }

    // The context's tokens among the best of the window.
    private static int[] Best(ReadOnlySpan<float> logits, ReadOnlySpan<int> texts)
    {
        int[] order = [.. Enumerable.Range(0, logits.Length)];
        float[] descending = new float[logits.Length];
        for (int token = 0; token < descending.Length; token++)
        {
            descending[token] = -logits[token];
        }

        Array.Sort(descending, order);
        List<int> best = [];
        foreach (int token in order.AsSpan(0, Math.Min(Candidates, order.Length)))
        {
            if (texts[token] == 1)
            {
                best.Add(token);
            }
        }

        return [.. best];
    }
}
