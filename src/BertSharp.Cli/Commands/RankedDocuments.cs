namespace BertSharp.Cli.Commands;

/// <summary>A query with its documents, the best first.</summary>
internal sealed record RankedDocuments(string Query, IReadOnlyList<ScoredDocument> Documents);
