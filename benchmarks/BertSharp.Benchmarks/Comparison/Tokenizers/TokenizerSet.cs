namespace BertSharp.Benchmarks;

/// <summary>What was measured over one set of texts: tokens a second of each column, a round each, and how the ids agree.</summary>
internal sealed record TokenizerSet(
    string Name, int Texts, long Characters, long Tokens, Dictionary<string, double[]> Rates, TokenizerDifferences[] Differences);
