using System.Text;

namespace BertSharp.Cli.Output;

/// <summary>
/// A text with parts of it marked: in colour on a terminal, in brackets in a pipe, as <c>mark</c> in a page. Of marks
/// that overlap, the one given first is shown. A code point is never cut.
/// </summary>
internal static class MarkedText
{
    /// <summary>Of the terminal's 256 colours, such as are read on light and on dark; neighbours are far apart.</summary>
    private static readonly int[] Colors = [33, 208, 34, 199, 37, 178, 129, 166, 71, 168, 63, 136];

    /// <summary>For people.</summary>
    public static string Lines(string text, IEnumerable<Mark> marks, Terminal terminal) => Join(
        text,
        marks,
        part => terminal.Colors ? part.Replace('\e', '␛') : part,
        (part, mark) => terminal.Colors ? terminal.Bold(terminal.Paint(part, Colors[mark.Color % Colors.Length])) : $"[{part}",
        mark => terminal.Colors ? terminal.Dim($" {mark.Label}") : $" {mark.Label}]");

    /// <summary>For a page.</summary>
    public static string Html(string text, IEnumerable<Mark> marks) => Join(
        text,
        marks,
        HtmlPage.Escape,
        (part, mark) => $"<mark style=\"background: hsl({Hue(mark.Color)} 75% 55% / .35)\">{part}",
        mark => $"<small>{HtmlPage.Escape(mark.Label)}</small></mark>");

    /// <summary>The golden angle sets hues apart however many there are.</summary>
    private static int Hue(int color) => (int)((210 + (color * 137.508)) % 360);

    /// <summary>Puts a text together from its parts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="marks">The marks.</param>
    /// <param name="show">A part as it may stand there.</param>
    /// <param name="open">A part that is shown and marked.</param>
    /// <param name="close">What ends a mark.</param>
    private static string Join(string text, IEnumerable<Mark> marks, Func<string, string> show, Func<string, Mark, string> open, Func<Mark, string> close)
    {
        StringBuilder joined = new();
        int at = 0;
        foreach (Mark mark in WithoutOverlaps(text, marks))
        {
            joined.Append(show(text[at..mark.Start])).Append(open(show(text[mark.Start..mark.End]), mark)).Append(close(mark));
            at = mark.End;
        }

        return joined.Append(show(text[at..])).ToString();
    }

    /// <summary>The marks that are shown, in the order of the text.</summary>
    private static IEnumerable<Mark> WithoutOverlaps(string text, IEnumerable<Mark> marks)
    {
        List<Mark> shown = [];
        foreach (Mark mark in marks)
        {
            int start = Math.Clamp(mark.Start, 0, text.Length), end = Math.Clamp(mark.End, start, text.Length);
            start -= IsInside(text, start) ? 1 : 0;
            end += IsInside(text, end) ? 1 : 0;
            if (start < end && shown.TrueForAll(other => end <= other.Start || other.End <= start))
            {
                shown.Add(mark with { Start = start, End = end });
            }
        }

        return shown.OrderBy(mark => mark.Start);
    }

    private static bool IsInside(string text, int at) => at > 0 && at < text.Length && char.IsSurrogatePair(text[at - 1], text[at]);
}
