namespace BertSharp;

/// <summary>How often each class was taken for each: the figures of a classifier with one label an example, as scikit-learn defines them.</summary>
internal sealed class ConfusionMatrix
{
    private readonly long[,] _counts;

    /// <summary>Counts.</summary>
    /// <param name="truth">The label of each example.</param>
    /// <param name="predicted">The label that it was given.</param>
    /// <param name="classes">How many labels there are; they are 0 to one less.</param>
    /// <exception cref="ArgumentException">The lists are not equally long, or empty.</exception>
    public ConfusionMatrix(IReadOnlyList<int> truth, IReadOnlyList<int> predicted, int classes)
    {
        if (truth.Count != predicted.Count || truth.Count == 0)
        {
            throw new ArgumentException($"There are {predicted.Count} predictions for {truth.Count} examples; expected as many, at least one.", nameof(predicted));
        }

        _counts = new long[classes, classes];
        for (int i = 0; i < truth.Count; i++)
        {
            _counts[truth[i], predicted[i]]++;
        }

        Classes = [.. Enumerable.Range(0, classes).Select(CountsOf)];
        Total = Classes.Aggregate((a, b) => a + b);
    }

    /// <summary>The figures of each class.</summary>
    public IReadOnlyList<MatchCounts> Classes { get; }

    /// <summary>Over all classes: with one label an example micro precision, recall and F1 are all the accuracy.</summary>
    public MatchCounts Total { get; }

    /// <summary>How many examples of the first class were taken for the second.</summary>
    public long this[int truth, int predicted] => _counts[truth, predicted];

    /// <summary>The share of examples with the right label.</summary>
    public double Accuracy => Total.F1;

    /// <summary>The mean of the classes' F1, of those that occur in truth or predictions.</summary>
    public double MacroF1 => Classes.Where(counts => counts.Found + counts.Given > 0).Average(counts => counts.F1);

    /// <summary>Matthews' correlation for any number of classes (Gorodkin 2004); 0 where one class is all.</summary>
    public double Matthews
    {
        get
        {
            double total = Total.Given;
            double expected = Classes.Sum(counts => (double)counts.Found * counts.Given);
            double found = Classes.Sum(counts => (double)counts.Found * counts.Found), given = Classes.Sum(counts => (double)counts.Given * counts.Given);
            double scale = Math.Sqrt((total * total) - found) * Math.Sqrt((total * total) - given);
            return scale == 0 ? 0 : ((Total.Correct * total) - expected) / scale;
        }
    }

    private MatchCounts CountsOf(int label)
    {
        long found = 0, given = 0;
        for (int other = 0; other < _counts.GetLength(0); other++)
        {
            found += _counts[other, label];
            given += _counts[label, other];
        }

        return new MatchCounts(_counts[label, label], found, given);
    }
}
