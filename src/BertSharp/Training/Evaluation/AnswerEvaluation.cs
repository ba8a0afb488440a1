namespace BertSharp;

/// <summary>Figures of a question answerer on SQuAD or a file like it.</summary>
internal static class AnswerEvaluation
{
    /// <summary>The answers of a model.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="model">The model.</param>
    /// <param name="questions">The questions.</param>
    /// <param name="maxLength">The most tokens of a window.</param>
    /// <param name="stride">How many tokens of the context a window repeats of the one before.</param>
    /// <param name="progress">Receives the number of questions done.</param>
    /// <param name="cancellation">Checked between blocks and layers.</param>
    /// <exception cref="ArgumentException">A question leaves no room for its context.</exception>
    public static IReadOnlyList<SquadPrediction> Predict(
        BertTokenizer tokenizer, BertForQuestionAnswering model, IReadOnlyList<SquadQuestion> questions, int maxLength = 384, int stride = 128, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        TokenBatch batch = AnswerBatch.Encode(tokenizer, questions, Math.Min(maxLength, TokenLimit.Of(model.Config, tokenizer)), stride).Batch;
        AnswerSearch[] searches = [.. questions.Select(question => new AnswerSearch(question))];
        using QuestionAnsweringOutput output = new();
        InputProgress done = new(batch, progress);
        foreach (int[] block in SequenceBlocks.Of(batch))
        {
            model.Forward(batch.Select(block), output, cancellation: cancellation);
            int first = 0;
            foreach (int window in block)
            {
                int length = batch.Length(window);
                searches[batch.SourceOf(window)].Add(batch, window, output.StartLogits.Span.Slice(first, length), output.EndLogits.Span.Slice(first, length));
                first += length;
            }

            done.Report(block);
        }

        return [.. searches.Select(search => search.Found)];
    }

    /// <summary>
    /// The official figures under their names: those of SQuAD 2.0 where a question has no answer (no answer is given where [CLS] scores
    /// above the best span), else those of 1.1.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, double>> FiguresOf(IReadOnlyList<SquadQuestion> questions, IReadOnlyList<SquadPrediction> predictions)
    {
        if (questions.All(question => question.Answers.Count > 0))
        {
            SquadScores scores = SquadScores.Version1(questions, predictions);
            return [new("exact_match", scores.Exact), new("f1", scores.F1)];
        }

        Squad2Scores all = Squad2Scores.Of(questions, predictions, threshold: 0);
        return
        [
            new("exact", all.All.Exact), new("f1", all.All.F1), .. Part("HasAns", all.HasAnswer), .. Part("NoAns", all.NoAnswer),
            new("best_exact", all.BestExact.Score), new("best_exact_thresh", all.BestExact.Threshold), new("best_f1", all.BestF1.Score), new("best_f1_thresh", all.BestF1.Threshold),
        ];

        static IEnumerable<KeyValuePair<string, double>> Part(string name, SquadScores? scores) =>
            scores is null ? [] : [new($"{name}_exact", scores.Exact), new($"{name}_f1", scores.F1)];
    }
}
