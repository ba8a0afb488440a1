namespace BertSharp;

/// <summary>How <see cref="ZeroShotClassifier"/> asks for its labels.</summary>
public sealed record ZeroShotOptions
{
    /// <summary>The options where none are given.</summary>
    public static ZeroShotOptions Default { get; } = new();

    /// <summary>The hypothesis about the text, in which {} is the label.</summary>
    public string Template { get; init; } = "This example is {}.";

    /// <summary>
    /// False: one of the labels holds, their scores add up to 1. True: each is judged by itself, entailment against
    /// contradiction; so is a label that is alone.
    /// </summary>
    public bool MultiLabel { get; init; }
}
