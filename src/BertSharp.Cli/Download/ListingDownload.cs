using System.Net;

namespace BertSharp.Cli.Download;

/// <summary>Asks the Hub what a model consists of.</summary>
internal sealed class ListingDownload(HubClient client, Action<string> say)
{
    private const int BufferBytes = 1 << 16;

    /// <summary>The listing, and the name that the Hub has it under.</summary>
    /// <exception cref="CliException">There is no such model or revision, or the endpoint does not answer as the Hub does.</exception>
    public async Task<(HubName Name, ModelListing Listing)> RunAsync(HubName asked, CancellationToken cancellation)
    {
        foreach (HubName name in asked.Candidates())
        {
            if (await TryWithRetriesAsync(name, cancellation) is { } listing)
            {
                return (name, listing);
            }
        }

        throw HubErrors.UnknownModel(asked, client.Settings);
    }

    private async Task<ModelListing?> TryWithRetriesAsync(HubName name, CancellationToken cancellation)
    {
        Retries retries = new(name.ToString(), client.Settings.Clock, say);
        while (true)
        {
            try
            {
                return await TryAsync(name, cancellation);
            }
            catch (TransientException failure)
            {
                await retries.WaitAsync(failure, cancellation);
            }
        }
    }

    private async Task<ModelListing?> TryAsync(HubName name, CancellationToken cancellation)
    {
        using HubAnswer answer = await client.GetAsync($"api/models/{name.Name}/revision/{Uri.EscapeDataString(name.Revision)}?blobs=true", 0, cancellation);
        if (HubErrors.IsUnknownModel(answer))
        {
            return null;
        }

        if (answer.Status != HttpStatusCode.OK)
        {
            throw HubErrors.Of(answer, name, null, client.Settings);
        }

        string source = $"{name}: the listing of {answer.Host}";
        return ModelListing.Parse(await ReadAsync(answer, source), source);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HubAnswer answer, string source)
    {
        using MemoryStream json = new();
        byte[] buffer = new byte[BufferBytes];
        for (int read; (read = await answer.ReadAsync(buffer)) > 0;)
        {
            json.Write(buffer, 0, read);
            if (json.Length > ModelListing.MostBytes)
            {
                throw new CliException($"{source}: expected at most {ModelListing.MostBytes} bytes, found more; is HF_ENDPOINT right?");
            }
        }

        return json.GetBuffer().AsMemory(0, (int)json.Length);
    }
}
