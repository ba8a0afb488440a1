namespace BertSharp.Cli.Commands;

/// <summary>A text with what a language model thinks of it.</summary>
internal sealed record ScoredText(string Text, SentenceScore Score, bool Truncated);
