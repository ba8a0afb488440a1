namespace BertSharp;

/// <summary>A label of a text, and how well it fits.</summary>
/// <param name="Label">The model's name of it (<c>id2label</c>), or the caller's.</param>
/// <param name="Score">A probability, or a number where the model or the caller asks for logits.</param>
public sealed record ClassLabel(string Label, float Score);
