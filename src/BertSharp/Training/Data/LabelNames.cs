namespace BertSharp;

/// <summary>The labels of a task in the order of their ids: <c>id2label</c>.</summary>
internal sealed class LabelNames
{
    private readonly List<string> _names;
    private readonly Dictionary<string, int> _ids = [];

    private LabelNames(IEnumerable<string> names)
    {
        _names = [.. names];
        for (int id = 0; id < _names.Count; id++)
        {
            if (!_ids.TryAdd(_names[id], id))
            {
                throw new ArgumentException($"The label '{_names[id]}' stands twice in the list {this}.", nameof(names));
            }
        }
    }

    /// <summary>The names by id.</summary>
    public IReadOnlyList<string> Id2Label => _names;

    /// <summary>
    /// Of two labels the id of the one that F1 is of: that named <c>1</c>, whichever came first; else the second.
    /// </summary>
    public int Positive => _ids.GetValueOrDefault("1", 1);

    /// <summary>A list that was given.</summary>
    /// <exception cref="ArgumentException">A label stands twice.</exception>
    public static LabelNames Given(IReadOnlyList<string> names) => new(names);

    /// <summary>The labels of examples, in the order in which they are first seen.</summary>
    public static LabelNames OfFirstSight(IEnumerable<string> labels) => new(labels.Distinct());

    /// <summary>The id of a label.</summary>
    /// <param name="label">Its name.</param>
    /// <param name="place">The file and line that have it.</param>
    /// <exception cref="BadRecordException">It is not in the list.</exception>
    public int IdOf(string label, string place) => _ids.TryGetValue(label, out int id) ? id
        : throw BadRecordException.At(place, $"the label '{label}' is none of {this}; correct it, or add it to --labels");

    /// <summary>The names with commas between; of very many the first.</summary>
    public override string ToString() => _names.Count <= 20 ? string.Join(", ", _names) : $"{string.Join(", ", _names.Take(20))} and {_names.Count - 20} more";
}
