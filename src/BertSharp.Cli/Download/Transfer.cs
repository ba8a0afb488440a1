namespace BertSharp.Cli.Download;

/// <summary>Watches over one exchange with a server: silence and broken connections are told apart from a wish to stop.</summary>
internal sealed class Transfer : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _asked;
    private readonly TimeSpan _stall;

    public Transfer(TimeSpan stall, CancellationToken cancellation)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _asked = cancellation;
        _stall = stall;
    }

    /// <summary>Runs one step; it has the whole time of a stall for itself.</summary>
    /// <exception cref="TransientException">The server was silent, or the connection broke.</exception>
    /// <exception cref="OperationCanceledException">The run is to end.</exception>
    public async Task<T> RunAsync<T>(string host, Func<CancellationToken, Task<T>> step)
    {
        _source.CancelAfter(_stall);
        try
        {
            return await step(_source.Token);
        }
        catch (OperationCanceledException) when (!_asked.IsCancellationRequested)
        {
            throw new TransientException($"{host} sent nothing for {_stall.TotalSeconds:0.##} s");
        }
        catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw new CliException($"no secure connection to {host} ({(error.InnerException ?? error).Message}); check the clock, the certificates and the proxy of this machine");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new TransientException($"the connection to {host} broke ({Shown.Of(error.Message)})", inner: error);
        }
    }

    public void Dispose() => _source.Dispose();
}
