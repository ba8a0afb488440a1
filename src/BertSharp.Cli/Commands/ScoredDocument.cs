namespace BertSharp.Cli.Commands;

/// <summary>A document with its score for the query.</summary>
internal sealed record ScoredDocument(string Id, string Text, float Score);
