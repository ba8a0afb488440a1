using System.Net;

namespace BertSharp.Cli.Download;

/// <summary>
/// Fetches one file to its place among the blobs: into <c>HASH.incomplete</c>, which a broken attempt leaves for the next one to
/// go on from, then checked and renamed.
/// </summary>
internal sealed class BlobDownload(HubClient client, HubName name, string commit, Action<string> say)
{
    private const int BufferBytes = 1 << 17;

    /// <summary>What a broken attempt leaves of a blob.</summary>
    public static string Partial(string blob) => blob + ".incomplete";

    /// <summary>Fetches what is missing.</summary>
    /// <param name="file">The file.</param>
    /// <param name="blob">Its place.</param>
    /// <param name="present">Is told how many bytes are there.</param>
    /// <param name="cancellation">Ends it; what is there stays.</param>
    /// <exception cref="CliException">The server refuses, sends something else than it lists, or fails too often.</exception>
    public async Task RunAsync(RemoteFile file, string blob, Action<long> present, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        string partial = Partial(blob);
        try
        {
            // Without a buffer: what arrived is in the file, however this process ends.
            using FileStream part = new(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            await FillAsync(part, file, present, cancellation);
            part.Flush(flushToDisk: true);
            part.Position = 0;
            string hash = file.HashOf(part, cancellation);
            if (hash != file.Hash)
            {
                throw new DamagedException($"{name}: {file.Name}: expected the hash {file.Hash}, found {hash}");
            }
        }
        catch (DamagedException error)
        {
            File.Delete(partial);
            throw new CliException($"{error.Message}. What was fetched of it is removed; the next attempt starts over.");
        }

        File.Move(partial, blob, overwrite: true);
    }

    private async Task FillAsync(FileStream part, RemoteFile file, Action<long> present, CancellationToken cancellation)
    {
        Retries retries = new($"{name}: {file.Name}", client.Settings.Clock, say);
        part.SetLength(part.Length > file.Size ? 0 : part.Length);
        while (part.Length < file.Size)
        {
            long before = part.Length;
            try
            {
                await ReceiveAsync(part, file, present, cancellation);
                if (part.Length < file.Size)
                {
                    throw new TransientException($"the server ended after {part.Length} of {file.Size} bytes");
                }
            }
            catch (TransientException failure)
            {
                if (part.Length > before)
                {
                    retries.Progressed();
                }

                await retries.WaitAsync(failure, cancellation);
            }
        }
    }

    private async Task ReceiveAsync(FileStream part, RemoteFile file, Action<long> present, CancellationToken cancellation)
    {
        string path = $"{name.Name}/resolve/{commit}/{string.Join('/', file.Name.Split('/').Select(Uri.EscapeDataString))}";
        using HubAnswer answer = await client.GetAsync(path, part.Length, cancellation);
        Begin(answer, part, file);
        part.Seek(0, SeekOrigin.End);
        byte[] buffer = new byte[BufferBytes];
        for (int read; (read = await answer.ReadAsync(buffer)) > 0;)
        {
            if (part.Length + read > file.Size)
            {
                throw WrongLength(file, $"more than {file.Size}");
            }

            part.Write(buffer, 0, read);
            present(part.Length);
        }
    }

    // Leaves the part as long as what the answer goes on from.
    private void Begin(HubAnswer answer, FileStream part, RemoteFile file)
    {
        switch (answer.Status)
        {
            case HttpStatusCode.PartialContent when answer.Range is { } range && range.From == part.Length && (range.Length ?? file.Size) == file.Size:
                return;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable:
                part.SetLength(0);
                throw new TransientException($"{answer.Host} cannot go on from where the last attempt ended; the file starts over");
            case HttpStatusCode.OK:
                part.SetLength(0); // Also a server that takes no ranges.
                break;
            default:
                throw HubErrors.Of(answer, name, file.Name, client.Settings);
        }

        if (answer.Length is { } length && length != file.Size)
        {
            throw WrongLength(file, $"{length}");
        }
    }

    private DamagedException WrongLength(RemoteFile file, string found) => new($"{name}: {file.Name}: expected {file.Size} bytes, found {found}");

    /// <summary>What arrives is not what is listed: going on from it is of no use.</summary>
    private sealed class DamagedException(string message) : Exception(message);
}
