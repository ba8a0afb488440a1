namespace BertSharp.Cli.Commands;

/// <summary>A text, or a pair, with its labels.</summary>
internal sealed record LabeledText(string Text, string? Pair, IReadOnlyList<ClassLabel> Labels, bool Truncated);
