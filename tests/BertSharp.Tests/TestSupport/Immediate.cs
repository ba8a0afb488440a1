namespace BertSharp.Tests;

/// <summary>Progress that is reported on the thread that makes it (<see cref="Progress{T}"/> posts it elsewhere).</summary>
internal sealed class Immediate<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
