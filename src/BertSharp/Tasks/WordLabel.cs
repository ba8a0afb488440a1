namespace BertSharp;

/// <summary>The label of a given word.</summary>
/// <param name="Word">The word.</param>
/// <param name="Label">The class of its first token (<c>B-person</c>); <c>O</c> where no token of it was read.</param>
/// <param name="Score">The probability of the label, 0 … 1; 0 where no token was read.</param>
public sealed record WordLabel(string Word, string Label, float Score);
