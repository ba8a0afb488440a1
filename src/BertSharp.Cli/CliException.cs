namespace BertSharp.Cli;

/// <summary>An error that a person can mend: one line that says what is wrong and what to do.</summary>
internal class CliException(string message, int exitCode = ExitCode.Failure) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>A command line that cannot be meant as it stands.</summary>
    public static CliException Usage(string message) => new(message, Cli.ExitCode.Usage);
}
