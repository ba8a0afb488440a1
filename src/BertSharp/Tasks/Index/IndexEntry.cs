namespace BertSharp;

/// <summary>A text of an index and what the user calls it.</summary>
/// <param name="Id">The user's name for it; an index does not ask that names differ.</param>
/// <param name="Text">The text.</param>
public sealed record IndexEntry(string Id, string Text);
