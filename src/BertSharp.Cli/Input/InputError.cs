namespace BertSharp.Cli.Input;

/// <summary>A line of the input that cannot be read: file, line, what was expected and what to do.</summary>
internal static class InputError
{
    /// <summary>The line read last is bad; those behind it may be good.</summary>
    public static BadRecordException At(LineReader reader, string problem) => At(reader.Name, reader.Number, problem);

    /// <summary>A line is bad; those behind it may be good.</summary>
    public static BadRecordException At(string name, long line, string problem) => new($"{name}:{line}: {problem}");

    /// <summary>A line after which nothing can be read.</summary>
    public static CliException Fatal(LineReader reader, string problem) => new($"{reader.Name}:{reader.Number}: {problem}");
}
