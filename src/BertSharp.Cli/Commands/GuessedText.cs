namespace BertSharp.Cli.Commands;

/// <summary>A text with the guesses for its masks.</summary>
internal sealed record GuessedText(string Text, FilledText Filled, bool Truncated);
