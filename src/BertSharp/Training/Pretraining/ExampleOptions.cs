namespace BertSharp;

/// <summary>How texts become examples of pretraining (<see cref="PretrainingExamples"/>).</summary>
public sealed record ExampleOptions
{
    /// <summary>S: most tokens of an example, special ones included.</summary>
    public int Length { get; init; } = 128;

    /// <summary>How the files hold documents and sentences.</summary>
    public TextLayout Layout { get; init; }

    /// <summary>
    /// Whether examples are pairs for next-sentence prediction (Devlin et al. 2018). Otherwise whole sentences stand end to end up
    /// to the length, beyond the end of a document too, with a [SEP] there (Liu et al. 2019, FULL-SENTENCES).
    /// </summary>
    public bool NextSentence { get; init; }

    /// <summary>
    /// The share of shorter examples: pairs of a random length, or one or two sentences alone; so a model sees short texts too.
    /// </summary>
    public double ShortShare { get; init; } = 0.1;

    /// <summary>How often the texts are gone through; pairs are drawn anew each time. Only for pairs: packed sentences would be the same.</summary>
    public int Duplicates { get; init; } = 1;

    /// <summary>Every random choice comes from this number.</summary>
    public ulong Seed { get; init; }
}
