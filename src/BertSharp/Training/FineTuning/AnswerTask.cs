namespace BertSharp;

/// <summary>Questions with contexts (Devlin et al. 2018, sections 4.2 and 4.3); an example is a window of a context.</summary>
internal static class AnswerTask
{
    private const int DefaultMaxLength = 384, DefaultStride = 128;

    /// <summary>Reads the examples and loads the model with its head.</summary>
    /// <exception cref="DataFileException">An example cannot be used.</exception>
    /// <exception cref="ArgumentException">A question leaves no room for its context.</exception>
    public static TaskExamples Open(string folder, BertTokenizer tokenizer, FineTuningOptions options, ulong seed)
    {
        (IReadOnlyList<SquadQuestion> train, IReadOnlyList<SquadQuestion> heldOut) = TaskExamples.Read(options, SquadQuestion.Read);
        return TaskExamples.Of(BertForQuestionAnswering.Load(folder, seed), model =>
        {
            int length = Math.Min(options.MaxLength ?? DefaultMaxLength, TokenLimit.Of(model.Config, tokenizer, options.MaxLength));
            int stride = options.DocStride ?? Math.Min(length / 2, DefaultStride);
            LabelledBatch Encode(IReadOnlyList<SquadQuestion> questions)
            {
                AnswerBatch batch = AnswerBatch.Encode(tokenizer, questions, length, stride);
                return new LabelledBatch(batch.Batch, new StepLabels { Starts = batch.Starts, Ends = batch.Ends });
            }

            return (Encode(train), heldOut.Count == 0 ? null : new HeldOutExamples(
                Encode(heldOut).Hash(), Metrics(heldOut), cancellation => AnswerEvaluation.FiguresOf(heldOut, AnswerEvaluation.Predict(tokenizer, model, heldOut, length, stride, null, cancellation))));
        });
    }

    // Of SQuAD 2.0 the best that a threshold for "no answer" gives: which one it is stands among the figures.
    private static string[] Metrics(IReadOnlyList<SquadQuestion> questions) =>
        questions.All(question => question.Answers.Count > 0) ? ["f1", "exact_match"] : ["best_f1", "best_exact", "f1", "exact"];
}
