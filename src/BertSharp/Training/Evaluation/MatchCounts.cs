namespace BertSharp;

/// <summary>How many things were found, how many of them rightly, and how many there were to find.</summary>
/// <param name="Correct">True positives.</param>
/// <param name="Found">All that was predicted.</param>
/// <param name="Given">All that the truth has.</param>
internal readonly record struct MatchCounts(long Correct, long Found, long Given)
{
    /// <summary>The share of what was found that is right; 0 where nothing was found.</summary>
    public double Precision => Found == 0 ? 0 : (double)Correct / Found;

    /// <summary>The share of what there is that was found; 0 where there is nothing.</summary>
    public double Recall => Given == 0 ? 0 : (double)Correct / Given;

    /// <summary>The harmonic mean of both; 0 where there is nothing, found or given.</summary>
    public double F1 => Found + Given == 0 ? 0 : 2.0 * Correct / (Found + Given);

    /// <summary>The counts of two parts together.</summary>
    public static MatchCounts operator +(MatchCounts a, MatchCounts b) => new(a.Correct + b.Correct, a.Found + b.Found, a.Given + b.Given);
}
