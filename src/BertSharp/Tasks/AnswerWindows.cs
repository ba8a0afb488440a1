namespace BertSharp;

/// <summary>Spans of the windows of one context → its answers (transformers 4.57, <c>QuestionAnsweringPipeline.postprocess</c>).</summary>
internal sealed class AnswerWindows(string context, TokenBatch batch, AnswerOptions options)
{
    private readonly List<Answer> _answers = [];
    private readonly Dictionary<string, int> _indexOf = [];
    private float _noAnswer = float.PositiveInfinity;

    /// <summary>Adds the spans of a window; the windows of a context come in its order.</summary>
    public void Add(int sequence, WindowSpans spans)
    {
        _noAnswer = Math.Min(_noAnswer, spans.NoAnswer);
        foreach ((int first, int last, float score) in spans.Spans)
        {
            (int start, int end) = PlaceOf(sequence, first, last);
            string text = context[start..end];
            if (_indexOf.TryAdd(text.ToLowerInvariant(), _answers.Count))
            {
                _answers.Add(new Answer(text, start, end, score));
            }
            else
            {
                // The same words elsewhere: the first place counts, with the sum.
                int index = _indexOf[text.ToLowerInvariant()];
                _answers[index] = _answers[index] with { Score = _answers[index].Score + score };
            }
        }
    }

    /// <summary>The best answers of all windows; no answer among them where the options allow it, with its lowest score.</summary>
    public Answer[] Best(int count) =>
        [.. (options.AllowNoAnswer ? _answers.Append(Answer.None with { Score = _noAnswer }) : _answers).OrderByDescending(answer => answer.Score).Take(count)];

    private (int Start, int End) PlaceOf(int sequence, int first, int last)
    {
        ReadOnlySpan<int> words = batch.WordIds(sequence), texts = batch.SequenceIds(sequence);
        if (options.AlignToWords)
        {
            while (first > 0 && texts[first - 1] == 1 && words[first - 1] == words[first])
            {
                first--;
            }

            while (last + 1 < words.Length && texts[last + 1] == 1 && words[last + 1] == words[last])
            {
                last++;
            }
        }

        ReadOnlySpan<TokenOffset> places = batch.CharOffsets(sequence);
        return (places[first].Start, places[last].End);
    }
}
