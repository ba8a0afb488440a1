namespace BertSharp.Cli.Input;

/// <summary>One record that cannot be used, with its place in the message; <c>--skip-bad</c> reports it and goes on.</summary>
internal sealed class BadRecordException(string message) : CliException(message);
