using System.Globalization;

namespace BertSharp.Cli.Output;

/// <summary>A name with its score: a line with a bar on a terminal, a row with a meter in a page.</summary>
internal static class ScoreBar
{
    private const int Cells = 20;
    private const int Color = 75;
    private const string Eighths = " ▏▎▍▌▋▊▉█";

    /// <summary>Two spaces, the score, on a terminal its bar, and the name.</summary>
    public static string Line(string name, float score, Terminal terminal) =>
        $"  {Text(score)}  {(terminal.Colors ? terminal.Paint(Bar(score), Color) + "  " : "")}{name}";

    /// <summary>A table of names, scores and meters.</summary>
    public static string Html(IEnumerable<(string Name, float Score)> rows) =>
        $"<table>{string.Concat(rows.Select(row => $"<tr><td>{HtmlPage.Escape(row.Name)}</td><td class=\"number\">{Text(row.Score)}</td><td>{Meter(row.Score)}</td></tr>"))}</table>";

    /// <summary>Four decimals, for people.</summary>
    public static string Text(float score) => score.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>All digits, for programs.</summary>
    public static string Exact(double score) => score.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>All digits, for programs.</summary>
    public static string Exact(float score) => score.ToString("R", CultureInfo.InvariantCulture);

    private static string Bar(float score)
    {
        int eighths = IsShare(score) ? (int)Math.Round(score * Cells * 8) : 0;
        string bar = new string('█', eighths / 8) + (eighths % 8 > 0 ? Eighths[eighths % 8] : "");
        return bar.PadRight(Cells);
    }

    // Logits have no ends that a bar could fill.
    private static string Meter(float score) => IsShare(score) ? $"<meter value=\"{Exact(score)}\"></meter>" : "";

    private static bool IsShare(float score) => score is >= 0 and <= 1;
}
