namespace BertSharp;

/// <summary>A document in the order of its relevance.</summary>
/// <param name="Index">Its place among the documents that were given, from 0.</param>
/// <param name="Text">The document.</param>
/// <param name="Score">How well it answers the query; higher is better.</param>
public sealed record RankedDocument(int Index, string Text, float Score);
