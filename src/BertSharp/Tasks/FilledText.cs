namespace BertSharp;

/// <summary>The guesses for a text.</summary>
/// <param name="Masks">For each mask, in the order of the text, its guesses, the best first. Each mask is guessed while the others stay masks.</param>
public sealed record FilledText(IReadOnlyList<IReadOnlyList<Guess>> Masks)
{
    /// <summary>The guesses for the first mask.</summary>
    public IReadOnlyList<Guess> Guesses => Masks[0];
}
