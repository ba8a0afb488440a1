namespace BertSharp;

/// <summary>A token, a word or an entity while tokens are joined.</summary>
/// <param name="Label">The class.</param>
/// <param name="Score">Its probability.</param>
/// <param name="Word">The decoded tokens.</param>
/// <param name="Start">The first UTF-16 unit in the text.</param>
/// <param name="End">The unit behind the last.</param>
internal readonly record struct LabeledSpan(string Label, float Score, string Word, int Start, int End);
