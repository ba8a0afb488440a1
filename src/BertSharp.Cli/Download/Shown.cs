namespace BertSharp.Cli.Download;

/// <summary>Text from a server or a command line, made safe for a terminal and a log.</summary>
internal static class Shown
{
    private const int Most = 200;

    /// <summary>Control characters become question marks, and what is beyond 200 characters three dots.</summary>
    public static string Of(string text) =>
        string.Concat((text.Length <= Most ? text : string.Concat(text.AsSpan(0, Most), "…")).Select(c => char.IsControl(c) ? '?' : c));
}
