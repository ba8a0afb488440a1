using System.Net;
using System.Net.Http.Headers;

namespace BertSharp.Cli.Download;

/// <summary>
/// Asks the Hub. Redirects are followed here and not by HttpClient, because the token goes to the endpoint and to nobody else,
/// and to it also where it redirects to itself (a model that was renamed).
/// </summary>
internal sealed class HubClient(HubSettings settings) : IDisposable
{
    private const int MostRedirects = 10;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None })
    {
        Timeout = Timeout.InfiniteTimeSpan, // Each step has its own limit; a large file may take hours.
    };

    private bool _reached;

    public HubSettings Settings => settings;

    /// <summary>Asks for a path below the endpoint.</summary>
    /// <param name="path">Escaped, and without a slash in front.</param>
    /// <param name="from">The first byte wanted.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>An answer of any status but a redirect; the caller disposes of it.</returns>
    /// <exception cref="TransientException">The server was silent, or the connection broke.</exception>
    /// <exception cref="CliException">The endpoint cannot be reached, or its redirects lead nowhere.</exception>
    public async Task<HubAnswer> GetAsync(string path, long from, CancellationToken cancellation)
    {
        Transfer transfer = new(settings.Stall, cancellation);
        try
        {
            Uri place = new($"{settings.Address}/{path}");
            for (int hops = 0; hops <= MostRedirects; hops++)
            {
                HttpResponseMessage response = await SendAsync(place, from, transfer);
                if (!IsRedirect(response))
                {
                    return new HubAnswer(response, place, IsEndpoint(place), transfer);
                }

                using (response)
                {
                    place = Follow(place, response.Headers.Location);
                }
            }

            throw new CliException($"{settings.Address} redirects more than {MostRedirects} times for {path}; is HF_ENDPOINT right?");
        }
        catch
        {
            transfer.Dispose();
            throw;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri place, long from, Transfer transfer)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, place);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("bert", null));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity")); // Lengths and ranges are those of the file.
        request.Headers.Range = from > 0 ? new RangeHeaderValue(from, null) : null;
        if (settings.Token is { } token && IsEndpoint(place))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            HttpResponseMessage response = await transfer.RunAsync(place.Authority, cancellation => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation));
            _reached = true;
            return response;
        }
        catch (TransientException error) when (!_reached && error.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError } cause)
        {
            throw new CliException($"cannot reach {settings.Address} ({cause.Message}); check the network, or name a mirror of the Hub in HF_ENDPOINT");
        }
    }

    private static bool IsRedirect(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>Where a redirect leads: to a web address, and never from https to http.</summary>
    internal static Uri Follow(Uri place, Uri? location) =>
        location is not null && Uri.TryCreate(place, location, out Uri? next) && (next.Scheme == "https" || (next.Scheme == "http" && place.Scheme == "http"))
            ? next
            : throw new CliException($"{place.Authority} redirects to '{Shown.Of(location?.OriginalString ?? "")}'; expected an address that is as safe as {place.Scheme}");

    private bool IsEndpoint(Uri place) =>
        Uri.Compare(place, settings.Endpoint, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}
