namespace BertSharp;

/// <summary>What may stand at a mask.</summary>
/// <param name="Token">The token as the vocabulary has it (<c>##ing</c> continues a word); empty for an id that the tokenizer lacks.</param>
/// <param name="Id">Its id.</param>
/// <param name="Score">Its probability among all of the vocabulary.</param>
/// <param name="Sequence">
/// The text, decoded, with the token in the mask's place; where the text has further masks, with them and all special tokens.
/// </param>
public sealed record Guess(string Token, int Id, float Score, string Sequence);
