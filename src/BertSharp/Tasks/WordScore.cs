namespace BertSharp;

/// <summary>How well a word fits its sentence.</summary>
/// <param name="Start">Its first UTF-16 unit in the text.</param>
/// <param name="End">The unit behind its last.</param>
/// <param name="LogProbability">Sum of the natural logarithms of its tokens' probabilities while the whole word is masked.</param>
/// <param name="TokenCount">Its tokens.</param>
public sealed record WordScore(int Start, int End, double LogProbability, int TokenCount);
