namespace BertSharp.Cli.Output;

/// <summary>The names of the formats, as <c>--format</c> takes them.</summary>
internal static class OutputFormat
{
    public const string Text = "text";
    public const string Json = "json";
    public const string Jsonl = "jsonl";
    public const string Table = "table";
    public const string Torch = "torch";
    public const string Csv = "csv";
    public const string Markdown = "markdown";
    public const string Html = "html";
}
