using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BertSharp.Cli.Tests.Download;

/// <summary>
/// A Hub of one model on this machine, over plain sockets, because it must be able to break connections and to lie.
/// It serves one request a connection, and takes as many at once as come.
/// </summary>
internal sealed class HubServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<HubRequest> _requests = new();
    private readonly ConcurrentBag<Socket> _open = [];

    public HubServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Endpoint => $"http://{_listener.LocalEndpoint}";

    /// <summary>The model's name.</summary>
    public string Model { get; set; } = "org/tiny";

    public Dictionary<string, byte[]> Files { get; } = TinyModel.Files();

    public byte[] Weights => Files[TinyModel.Weights];

    /// <summary>Answers before the model does; null: the model's own answer.</summary>
    public Func<HubRequest, HubReply?> Before { get; set; } = _ => null;

    /// <summary>Runs before an answer to a request is sent.</summary>
    public Func<HubRequest, Task> Gate { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<HubRequest> Requests => [.. _requests];

    /// <summary>The requests for a file.</summary>
    public HubRequest[] For(string file) => [.. _requests.Where(request => request.Path.Contains("/resolve/", StringComparison.Ordinal) && request.Path.EndsWith('/' + file, StringComparison.Ordinal))];

    /// <summary>Gives the first answer for a file; the answers after it are the Hub's own.</summary>
    public void First(string file, Func<HubRequest, HubReply> reply)
    {
        int asked = 0;
        Before = request => request.File == file && Interlocked.Increment(ref asked) == 1 ? reply(request) : null;
    }

    /// <summary>The answer of the Hub itself.</summary>
    public HubReply Reply(HubRequest request)
    {
        string path = Uri.UnescapeDataString(request.Path);
        if (path.StartsWith($"/api/models/{Model}/revision/", StringComparison.Ordinal))
        {
            string revision = path[$"/api/models/{Model}/revision/".Length..].Split('?')[0];
            return revision is "main" or "v1" or "refs/pr/1" or TinyModel.Commit
                ? new HubReply(200, TinyModel.Listing(Files))
                : new HubReply(404) { Headers = ["X-Error-Code: RevisionNotFound", $"X-Error-Message: Invalid rev id: {revision}"] };
        }

        if (path.StartsWith("/api/models/", StringComparison.Ordinal))
        {
            return request.Authorization is null
                ? new HubReply(401) { Headers = ["X-Error-Message: Invalid username or password."] }
                : new HubReply(404) { Headers = ["X-Error-Code: RepoNotFound", "X-Error-Message: Repository not found"] };
        }

        string prefix = $"/{Model}/resolve/{TinyModel.Commit}/";
        return path.StartsWith(prefix, StringComparison.Ordinal) && Files.TryGetValue(path[prefix.Length..], out byte[]? content)
            ? Part(content, request.From)
            : new HubReply(404) { Headers = ["X-Error-Code: EntryNotFound"] };
    }

    /// <summary>A file from a byte on.</summary>
    public static HubReply Part(byte[] content, int from) => from switch
    {
        0 => new HubReply(200, content),
        _ when from >= content.Length => new HubReply(416) { Headers = [$"Content-Range: bytes */{content.Length}"] },
        _ => new HubReply(206, content[from..]) { Headers = [$"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}"] },
    };

    public void Dispose()
    {
        _listener.Stop();
        foreach (Socket socket in _open)
        {
            socket.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync();
                _open.Add(socket);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            HubRequest request = await ReadAsync(socket);
            HubReply reply = Before(request) ?? Reply(request);
            request.Sent = reply.BreakAfter ?? reply.Body.Length;
            _requests.Enqueue(request);
            await Gate(request);
            await socket.SendAsync(reply.Bytes);
            if (!reply.Stalls)
            {
                socket.Shutdown(SocketShutdown.Send);
                _ = await socket.ReceiveAsync(new byte[1]); // Until the client has closed too: all was read.
                socket.Dispose();
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The client has gone, which is its right.
        }
    }

    private static async Task<HubRequest> ReadAsync(Socket socket)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            int read = await socket.ReceiveAsync(buffer);
            text.Append(read > 0 ? Encoding.Latin1.GetString(buffer, 0, read) : throw new SocketException());
        }

        string[] lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        return new HubRequest(lines[0].Split(' ')[1], lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase));
    }
}
