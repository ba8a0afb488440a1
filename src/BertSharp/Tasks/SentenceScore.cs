namespace BertSharp;

/// <summary>How well a text fits the language.</summary>
/// <param name="Words">Its words in their order (punctuation marks are words), as far as they were read.</param>
public sealed record SentenceScore(IReadOnlyList<WordScore> Words)
{
    /// <summary>The pseudo-log-likelihood: the sum over all words; 0 where there is none.</summary>
    public double LogProbability => Words.Sum(word => word.LogProbability);

    /// <summary>The tokens of all words.</summary>
    public int TokenCount => Words.Sum(word => word.TokenCount);

    /// <summary>e^(−<see cref="LogProbability"/> / <see cref="TokenCount"/>), at least 1; 1 for a text without words. Lower is more fluent.</summary>
    public double PseudoPerplexity => TokenCount == 0 ? 1 : Math.Exp(-LogProbability / TokenCount);
}
