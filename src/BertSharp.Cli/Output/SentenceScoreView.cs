using System.Globalization;
using System.Text.Json;
using BertSharp.Cli.Commands;

namespace BertSharp.Cli.Output;

/// <summary>Pseudo-log-likelihood, tokens and pseudo-perplexity of a text.</summary>
internal sealed class SentenceScoreView : ResultView<ScoredText>
{
    public override IReadOnlyList<string> Columns => ["text", "score", "tokens", "perplexity"];

    public override IEnumerable<string[]> Rows(ScoredText result) => [[
        result.Text, ScoreBar.Exact(result.Score.LogProbability), result.Score.TokenCount.ToString(CultureInfo.InvariantCulture), ScoreBar.Exact(result.Score.PseudoPerplexity)]];

    /// <summary>Perplexity, score, tokens and the text, with tabs between.</summary>
    public override IEnumerable<string> Lines(ScoredText result, Terminal terminal) => [string.Create(
        CultureInfo.InvariantCulture, $"{terminal.Bold(result.Score.PseudoPerplexity.ToString("0.000", CultureInfo.InvariantCulture))}\t{result.Score.LogProbability:0.000}\t{result.Score.TokenCount}\t{result.Text}")];

    public override void WriteJson(Utf8JsonWriter json, ScoredText result)
    {
        json.WriteString("text", result.Text);
        json.WriteFinite("score", result.Score.LogProbability);
        json.WriteNumber("tokens", result.Score.TokenCount);
        json.WriteFinite("perplexity", result.Score.PseudoPerplexity);
        json.WriteTruncated(result.Truncated);
    }
}
