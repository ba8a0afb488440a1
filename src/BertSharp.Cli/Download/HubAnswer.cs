using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace BertSharp.Cli.Download;

/// <summary>A server's answer, whose body is still to be read.</summary>
internal sealed partial class HubAnswer(HttpResponseMessage response, Uri place, bool isEndpoint, Transfer transfer) : IDisposable
{
    private Stream? _body;

    /// <summary>The server that answered at last.</summary>
    public string Host => place.Authority;

    /// <summary>Whether the endpoint itself answered, and not a server that it redirects to.</summary>
    public bool IsEndpoint => isEndpoint;

    public HttpStatusCode Status => response.StatusCode;

    /// <summary>Content-Length; null where the server does not say it.</summary>
    public long? Length => response.Content.Headers.ContentLength;

    /// <summary>Content-Range.</summary>
    public ContentRangeHeaderValue? Range => response.Content.Headers.ContentRange;

    /// <summary>X-Error-Code: RepoNotFound, RevisionNotFound, EntryNotFound, GatedRepo.</summary>
    public string? ErrorCode => Header("X-Error-Code");

    /// <summary>X-Error-Message.</summary>
    public string? ErrorMessage => Header("X-Error-Message") is { } message ? Shown.Of(message) : null;

    /// <summary>How long the server asks to wait: Retry-After, or of the Hub's own RateLimit header the seconds to its reset.</summary>
    public TimeSpan? Wait(DateTimeOffset now)
    {
        TimeSpan? wait = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - now : null;
        if (wait is null && RateLimitReset().Match(Header("RateLimit") ?? "") is { Success: true } reset)
        {
            wait = TimeSpan.FromSeconds(int.Parse(reset.Groups[1].Value, CultureInfo.InvariantCulture));
        }

        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    /// <summary>Reads on; 0 at the end.</summary>
    /// <exception cref="TransientException">The server was silent, or the connection broke.</exception>
    public Task<int> ReadAsync(Memory<byte> buffer) => transfer.RunAsync(Host, async cancellation =>
    {
        _body ??= await response.Content.ReadAsStreamAsync(cancellation);
        return await _body.ReadAsync(buffer, cancellation);
    });

    public void Dispose()
    {
        response.Dispose();
        transfer.Dispose();
    }

    private string? Header(string name) => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;

    [GeneratedRegex(@";\s*t=(\d{1,6})\s*(;|$)")]
    private static partial Regex RateLimitReset();
}
