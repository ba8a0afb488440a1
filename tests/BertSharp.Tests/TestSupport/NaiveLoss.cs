namespace BertSharp.Tests;

/// <summary>The loss of a training step by the slow twin, in double: each head's loss from its definition.</summary>
/// <param name="model">Names the head.</param>
/// <param name="lengths">Tokens of each sequence.</param>
/// <param name="ids">[T].</param>
/// <param name="types">[T].</param>
/// <param name="labels">The step's labels.</param>
/// <param name="masks">The factors of a row by sequence, site, layer, token, head and width; null: nothing is dropped.</param>
/// <param name="adapters">Low-rank parts, as <see cref="NaiveBert"/> takes them.</param>
internal sealed class NaiveLoss(
    PreTrainedModel model, int[] lengths, int[] ids, int[] types, StepLabels labels, Func<int, DropoutSite, int, int, int, int, double[]>? masks, IReadOnlyDictionary<string, (int Number, double Scale)>? adapters = null)
{
    public double Of(IReadOnlyDictionary<string, double[]> weights)
    {
        List<(double[][] Last, NaiveBert Twin, int First)> sequences = [];
        int first = 0;
        for (int i = 0; i < lengths.Length; first += lengths[i], i++)
        {
            int sequence = i;
            NaiveBert twin = new(model.Config, weights, masks is null ? null : (site, layer, token, head, width) => masks(sequence, site, layer, token, head, width), adapters);
            sequences.Add((twin.Encode(ids.AsSpan(first, lengths[i]), types.AsSpan(first, lengths[i])).Hidden[^1], twin, first));
        }

        double[] Tokens(Func<NaiveBert, double[], int, double[]> logits) => [.. sequences.SelectMany(one => one.Last
            .Select((x, s) => (x, s, Label: labels.Tokens[one.First + s]))
            .Where(token => token.Label != -100)
            .Select(token => CrossEntropy(logits(one.Twin, token.x, token.s), token.Label)))];
        double[] Classes(Func<NaiveBert, double[][], double[]> logits) => [.. sequences
            .Select((one, i) => (one, Label: labels.Sequences[i]))
            .Where(pair => pair.Label != -100)
            .Select(pair => CrossEntropy(logits(pair.one.Twin, pair.one.Last), pair.Label))];
        double[] Targets(Func<double, double, double> loss) => [.. sequences.SelectMany((one, i) => one.Twin.ClassifySequence(one.Last).Select((x, n) => loss(x, labels.Targets[(i * model.Config.NumLabels) + n])))];
        return model.Head switch
        {
            HeadKind.MaskedLM => Tokens((twin, x, s) => twin.MaskedLM(x, s)).Average(),
            HeadKind.PreTraining => Tokens((twin, x, s) => twin.MaskedLM(x, s)).Average() + Classes((twin, last) => twin.NextSentence(last)).Average(),
            HeadKind.NextSentencePrediction => Classes((twin, last) => twin.NextSentence(last)).Average(),
            HeadKind.TokenClassification => Tokens((twin, x, s) => twin.ClassifyToken(x, s)).Average(),
            HeadKind.SequenceClassification when model.Config.ProblemType == "regression" => Targets((x, y) => (x - y) * (x - y)).Average(),
            HeadKind.SequenceClassification when model.Config.ProblemType == "multi_label_classification" => Targets(BinaryCrossEntropy).Average(),
            HeadKind.SequenceClassification => Classes((twin, last) => twin.ClassifySequence(last)).Average(),
            HeadKind.MultipleChoice => sequences.Chunk(labels.Choices).Select((group, i) => CrossEntropy([.. group.Select(one => one.Twin.Choice(one.Last)[0])], labels.Sequences[i])).Average(),
            HeadKind.QuestionAnswering => (Side(sequences, 0, labels.Starts) + Side(sequences, 1, labels.Ends)) / 2,
            HeadKind.Discriminator => sequences.SelectMany(one => one.Last.Select((x, s) => BinaryCrossEntropy(one.Twin.Discriminate(x, s)[0], labels.Tokens[one.First + s]))).Average(),
            _ => throw new NotSupportedException($"{model.Head}"),
        };
    }

    private static double Side(List<(double[][] Last, NaiveBert Twin, int First)> sequences, int side, int[] places) =>
        sequences.Select((one, i) => CrossEntropy([.. one.Last.Select((x, s) => one.Twin.StartAndEnd(x, s)[side])], places[i])).Average();

    private static double CrossEntropy(double[] x, int label) => Math.Log(x.Sum(value => Math.Exp(value - x.Max()))) + x.Max() - x[label];

    private static double BinaryCrossEntropy(double x, double y) => Math.Log(1 + Math.Exp(-Math.Abs(x))) + Math.Max(x, 0) - (x * y);
}
