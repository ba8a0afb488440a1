namespace BertSharp.Cli.Output;

/// <summary>Where lines for people go.</summary>
/// <param name="Colors">Whether it shows colours (ANSI sequences); never in a pipe or a file, nor where NO_COLOR is set.</param>
/// <param name="Width">Its columns.</param>
internal sealed record Terminal(bool Colors, int Width)
{
    /// <summary>A file or a pipe.</summary>
    public static Terminal Plain { get; } = new(false, 80);

    /// <summary>What standard output is.</summary>
    public static Terminal OfStandardOutput() => Console.IsOutputRedirected
        ? Plain
        : new Terminal(string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")), Math.Max(Console.WindowWidth, 20));

    /// <summary>A text in a colour of the terminal's own 256.</summary>
    public string Paint(string text, int color) => Colors ? $"\e[38;5;{color}m{text}\e[0m" : text;

    /// <summary>A text that steps back.</summary>
    public string Dim(string text) => Colors ? $"\e[2m{text}\e[0m" : text;

    /// <summary>A text that steps forward.</summary>
    public string Bold(string text) => Colors ? $"\e[1m{text}\e[0m" : text;
}
