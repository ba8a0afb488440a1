using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace BertSharp.Cli.Output;

/// <summary>The page around results in HTML: one file without links, readable in light and dark.</summary>
internal static class HtmlPage
{
    // Letters of every script stay as they are; what has a meaning in HTML does not.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>All that stands before the first result.</summary>
    public static string Head(string title) => $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>{{Escape(title)}}</title>
        <style>
        :root { color-scheme: light dark; }
        body { font: 16px/1.6 system-ui, sans-serif; max-width: 50em; margin: 2em auto; padding: 0 1em; }
        article { border-bottom: 1px solid #8884; padding: .6em 0; white-space: pre-wrap; overflow-wrap: anywhere; }
        table { border-collapse: collapse; white-space: normal; }
        td, th { padding: 0 .8em 0 0; vertical-align: top; text-align: left; }
        td.number { text-align: right; font-variant-numeric: tabular-nums; }
        mark { border-radius: .3em; padding: .1em .25em; color: inherit; }
        mark small { font-weight: 600; margin-left: .4em; opacity: .8; }
        meter { width: 8em; }
        </style>
        </head>
        <body>

        """;

    /// <summary>All that stands behind the last result.</summary>
    public const string Tail = "</body>\n</html>\n";

    /// <summary>Rows under titles.</summary>
    public static string Table(IEnumerable<string> titles, IEnumerable<string[]> rows) =>
        $"<table><tr>{Cells("th", titles)}</tr>{string.Concat(rows.Select(row => $"<tr>{Cells("td", row)}</tr>"))}</table>";

    /// <summary>A text as the content of an element or attribute.</summary>
    public static string Escape(string text) => Encoder.Encode(text);

    private static string Cells(string element, IEnumerable<string> cells) =>
        string.Concat(cells.Select(cell => $"<{element}>{Escape(cell)}</{element}>"));
}
