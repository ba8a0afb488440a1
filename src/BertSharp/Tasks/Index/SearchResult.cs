namespace BertSharp;

/// <summary>A text that answers a query.</summary>
/// <param name="Id">The user's name for it.</param>
/// <param name="Text">The text.</param>
/// <param name="Score">How alike it is to the query by the index's similarity; greater is more.</param>
public sealed record SearchResult(string Id, string Text, float Score);
