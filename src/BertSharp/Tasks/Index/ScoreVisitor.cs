namespace BertSharp;

/// <summary>What is done with the scores of a scan. Each member of the team calls it on its own thread.</summary>
internal abstract class ScoreVisitor
{
    /// <summary>Makes room for the results of a scan.</summary>
    public abstract void Start(int members, int queries);

    /// <summary>Takes the scores of consecutive rows for one query; a member's rows ascend.</summary>
    public abstract void Take(int member, int query, int firstRow, ReadOnlySpan<float> scores);
}
