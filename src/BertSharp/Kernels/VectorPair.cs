namespace BertSharp;

/// <summary>Two vectors that go the same way side by side.</summary>
/// <typeparam name="V">The raw vector.</typeparam>
internal readonly struct VectorPair<V>(V first, V second)
    where V : struct
{
    /// <summary>The one.</summary>
    public readonly V First = first;

    /// <summary>The other.</summary>
    public readonly V Second = second;
}
