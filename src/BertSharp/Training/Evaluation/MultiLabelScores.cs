namespace BertSharp;

/// <summary>The figures of a classifier with any number of labels an example, as scikit-learn defines them.</summary>
/// <param name="Classes">The counts of each label.</param>
/// <param name="SubsetAccuracy">The share of examples whose labels are all right.</param>
internal sealed record MultiLabelScores(IReadOnlyList<MatchCounts> Classes, double SubsetAccuracy)
{
    /// <summary>F1 over the labels of all examples.</summary>
    public double MicroF1 => Classes.Aggregate((a, b) => a + b).F1;

    /// <summary>The mean of the labels' F1.</summary>
    public double MacroF1 => Classes.Average(counts => counts.F1);

    /// <summary>Counts.</summary>
    /// <param name="truth">[examples][labels] whether an example has a label.</param>
    /// <param name="predicted">The same, as it was predicted.</param>
    /// <exception cref="ArgumentException">The lists are not equally long, or empty.</exception>
    public static MultiLabelScores Of(IReadOnlyList<bool[]> truth, IReadOnlyList<bool[]> predicted)
    {
        if (truth.Count != predicted.Count || truth.Count == 0)
        {
            throw new ArgumentException($"There are {predicted.Count} predictions for {truth.Count} examples; expected as many, at least one.", nameof(predicted));
        }

        MatchCounts[] classes = new MatchCounts[truth[0].Length];
        for (int i = 0; i < truth.Count; i++)
        {
            for (int label = 0; label < classes.Length; label++)
            {
                (bool given, bool found) = (truth[i][label], predicted[i][label]);
                classes[label] += new MatchCounts(given && found ? 1 : 0, found ? 1 : 0, given ? 1 : 0);
            }
        }

        return new MultiLabelScores(classes, truth.Zip(predicted).Average(pair => pair.First.AsSpan().SequenceEqual(pair.Second) ? 1.0 : 0.0));
    }
}
