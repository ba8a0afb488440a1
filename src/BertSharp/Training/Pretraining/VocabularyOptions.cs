namespace BertSharp;

/// <summary>How <see cref="VocabularyTrainer"/> makes a vocabulary.</summary>
public sealed record VocabularyOptions
{
    /// <summary>V: most tokens, the five special ones and the alphabet included; there are fewer where the text gives no more.</summary>
    public int Size { get; init; } = 30_522;

    /// <summary>Whether the tokenizer is uncased: text is lower-cased and loses its accents.</summary>
    public bool Lowercase { get; init; } = true;

    /// <summary>Pieces that would stand in fewer words of the text are not made.</summary>
    public int MinimumFrequency { get; init; } = 2;

    /// <summary>Most characters of the alphabet; the rarest beyond it are left out, and their words become [UNK].</summary>
    public int AlphabetLimit { get; init; } = 1_000;
}
