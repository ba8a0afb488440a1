namespace BertSharp.Cli.Output;

/// <summary>Hands every report on at once: System.Progress would do so from another thread, after the end.</summary>
internal sealed class DirectProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
