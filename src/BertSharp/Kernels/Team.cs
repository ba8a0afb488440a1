namespace BertSharp;

/// <summary>
/// A thread's place among those that share a piece of work: each computes its share of an operation, then all meet.
/// A team of one never waits.
/// </summary>
/// <param name="Index">This member, from 0.</param>
/// <param name="Count">Number of members.</param>
/// <param name="Barrier">Where they meet; null for one member.</param>
/// <param name="Laps">Where this member's times go; null where nobody asked for them.</param>
internal readonly record struct Team(int Index, int Count, TeamBarrier? Barrier, OperationLaps? Laps = null)
{
    /// <summary>One thread by itself.</summary>
    public static Team Alone => new(0, 1, null);

    /// <summary>This member's contiguous part of <paramref name="items"/>, near-equal among members.</summary>
    public (int First, int Count) Share(int items)
    {
        int first = (int)((long)items * Index / Count);
        return (first, (int)((long)items * (Index + 1) / Count) - first);
    }

    /// <summary>Waits until every member has come here; then all see what all have written.</summary>
    public void Meet()
    {
        if (Barrier is not null)
        {
            Barrier.Meet();
            End(Operation.Waiting);
        }
    }

    /// <summary>Ends this member's share of an operation, then <see cref="Meet()"/>.</summary>
    public void Meet(Operation ended)
    {
        End(ended);
        Meet();
    }

    /// <summary>Ends this member's share of an operation, for the clock only.</summary>
    public void End(Operation ended) => Laps?.End(ended);
}
