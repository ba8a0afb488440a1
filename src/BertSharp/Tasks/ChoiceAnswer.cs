namespace BertSharp;

/// <summary>Which choice fits.</summary>
/// <param name="Index">The best one, from 0; of equal ones the first.</param>
/// <param name="Text">Its text.</param>
/// <param name="Scores">The probability of each choice, in their order; they add up to 1.</param>
public sealed record ChoiceAnswer(int Index, string Text, IReadOnlyList<float> Scores)
{
    /// <summary>The probability of the best one.</summary>
    public float Score => Scores[Index];
}
