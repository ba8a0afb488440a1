namespace BertSharp;

/// <summary>Figures of a model for multiple choice.</summary>
internal static class ChoiceEvaluation
{
    /// <summary>The share of groups whose right choice has the highest score.</summary>
    /// <param name="model">The model.</param>
    /// <param name="examples">At least one group of choices with the right one's number.</param>
    /// <param name="progress">Receives the number of choices done.</param>
    /// <param name="cancellation">Checked between blocks and layers.</param>
    public static IReadOnlyList<KeyValuePair<string, double>> Of(BertForMultipleChoice model, LabelledBatch examples, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        float[][] scores = SequenceLogits.Of(examples.Batch, (block, output) => model.Forward(block, choices: 1, output, ForwardOptions.FirstTokens, cancellation: cancellation), progress);
        int choices = examples.Labels.Choices;
        int right = Enumerable.Range(0, examples.Count).Count(example =>
            ScoredToken.IndexOfLargest([.. scores.AsSpan(example * choices, choices).ToArray().Select(score => score[0])]) == examples.Labels.Sequences[example]);
        return [new("accuracy", (double)right / examples.Count)];
    }
}
