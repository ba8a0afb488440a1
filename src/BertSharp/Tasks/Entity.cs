namespace BertSharp;

/// <summary>A labelled part of a text.</summary>
/// <param name="Label">The class, without <c>B-</c> or <c>I-</c> where tokens were aggregated.</param>
/// <param name="Start">The first UTF-16 unit in the text.</param>
/// <param name="End">The unit behind the last.</param>
/// <param name="Text">The text from <paramref name="Start"/> to <paramref name="End"/>.</param>
/// <param name="Score">The probability of the label, 0 … 1: the mean over the entity's words (tokens where <see cref="Aggregation.Simple"/>).</param>
/// <param name="Word">The entity's tokens, decoded: what the model has read, so lower case in an uncased model.</param>
public sealed record Entity(string Label, int Start, int End, string Text, float Score, string Word);
