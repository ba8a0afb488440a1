namespace BertSharp;

/// <summary>How well masked tokens are told.</summary>
/// <param name="LossSum">The sum of −log probability of the right tokens.</param>
/// <param name="Correct">Tokens that were the most probable.</param>
/// <param name="Tokens">All masked tokens.</param>
internal readonly record struct LanguageModelScores(double LossSum, long Correct, long Tokens)
{
    /// <summary>The mean loss; 0 where nothing was masked.</summary>
    public double Loss => Tokens == 0 ? 0 : LossSum / Tokens;

    /// <summary>exp of the mean loss: among how many equally probable tokens the model would be as unsure.</summary>
    public double Perplexity => Math.Exp(Loss);

    /// <summary>The share of tokens that were the most probable; 0 where nothing was masked.</summary>
    public double Accuracy => Tokens == 0 ? 0 : (double)Correct / Tokens;

    /// <summary>The scores of two parts together.</summary>
    public static LanguageModelScores operator +(LanguageModelScores a, LanguageModelScores b) => new(a.LossSum + b.LossSum, a.Correct + b.Correct, a.Tokens + b.Tokens);
}
