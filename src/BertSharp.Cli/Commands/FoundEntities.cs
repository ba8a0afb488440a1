namespace BertSharp.Cli.Commands;

/// <summary>A text with its entities.</summary>
/// <param name="Text">The text.</param>
/// <param name="Entities">Its entities.</param>
/// <param name="Truncated">Whether the end of the text was not read.</param>
internal sealed record FoundEntities(string Text, IReadOnlyList<Entity> Entities, bool Truncated);
