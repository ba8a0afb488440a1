namespace BertSharp.Cli.Download;

/// <summary>A failure that may be gone at the next attempt: a broken connection, a busy server, silence.</summary>
/// <param name="message">What happened.</param>
/// <param name="wait">How long the server asks to wait, where it does.</param>
/// <param name="inner">The error beneath.</param>
internal sealed class TransientException(string message, TimeSpan? wait = null, Exception? inner = null) : Exception(message, inner)
{
    public TimeSpan? Wait { get; } = wait;
}
