namespace BertSharp;

/// <summary>The tokens of one text with their vectors.</summary>
/// <param name="Tokens">[S] the tokens, special ones included.</param>
/// <param name="Offsets">[S] where each stands in the text, in UTF-16 units; empty for special tokens.</param>
/// <param name="Layers">The hidden states that were asked for: 0 the embeddings, 1 … L the layers.</param>
/// <param name="HiddenStates">For each of them [S, H].</param>
/// <param name="Truncated">Whether the text was cut at the model's limit.</param>
public sealed record TokenFeatures(
    IReadOnlyList<string> Tokens, IReadOnlyList<TokenOffset> Offsets, IReadOnlyList<int> Layers, IReadOnlyList<FloatMatrix> HiddenStates, bool Truncated);
