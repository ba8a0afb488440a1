namespace BertSharp;

/// <summary>The labels of all sequences of a step; a head reads those of its kind. −100 is no label.</summary>
internal sealed record StepLabels
{
    /// <summary>[T] the true id, class, or 0 and 1 (discriminator) of each token.</summary>
    public int[] Tokens { get; init; } = [];

    /// <summary>[B] the class of each sequence; [B / choices] the right choice of each group.</summary>
    public int[] Sequences { get; init; } = [];

    /// <summary>[B, outputs] the values of each sequence: regression, 0 and 1 (multi-label), or a teacher's embedding; [B / texts] the
    /// score of each example of embeddings.</summary>
    public float[] Targets { get; init; } = [];

    /// <summary>[B] the answer's first token within its sequence.</summary>
    public int[] Starts { get; init; } = [];

    /// <summary>[B] the answer's last token within its sequence.</summary>
    public int[] Ends { get; init; } = [];

    /// <summary>Texts of an example of embeddings: the first [B / texts] sequences are the first texts of all examples, and so on.</summary>
    public int Texts { get; init; } = 1;

    /// <summary>Sequences of a group.</summary>
    public int Choices { get; init; } = 1;
}
