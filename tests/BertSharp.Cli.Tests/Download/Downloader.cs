using System.Collections.Concurrent;
using BertSharp.Cli.Download;

namespace BertSharp.Cli.Tests.Download;

/// <summary>Downloads from a local server into a cache of its own, without waiting.</summary>
internal sealed class Downloader(HubServer server)
{
    private readonly ConcurrentQueue<string> _said = new();

    public HubSettings Settings { get; set; } = new()
    {
        Endpoint = new Uri(server.Endpoint),
        Cache = Workplace.New(),
        Clock = new ImpatientClock(),
    };

    public TimeSpan[] Waits => ((ImpatientClock)Settings.Clock).Waits;

    /// <summary>The warnings.</summary>
    public string Said => string.Join('\n', _said);

    /// <summary>Is told each warning.</summary>
    public Action<string> Heard { get; set; } = _ => { };

    /// <summary>Is told each share that is done.</summary>
    public Action<double> Progress { get; set; } = _ => { };

    public string Cache => Settings.Cache;

    /// <summary>The model's folder in the cache.</summary>
    public string Folder => Path.Combine(Cache, "models--" + server.Model.Replace("/", "--", StringComparison.Ordinal));

    public string Snapshot => Path.Combine(Folder, "snapshots", TinyModel.Commit);

    /// <summary>The weights' place among the blobs.</summary>
    public string Blob => Path.Combine(Folder, "blobs", TinyModel.Hash(TinyModel.Weights, server.Weights));

    public string Partial => Blob + ".incomplete";

    public Task<DownloadResult> Run(string name = "org/tiny", CancellationToken cancellation = default)
    {
        ModelDownload download = new(
            Settings,
            message =>
            {
                _said.Enqueue(message);
                Heard(message);
            },
            (_, share) => Progress(share!.Value));
        return download.RunAsync(HubName.Parse(name), cancellation);
    }

    /// <summary>Runs to its error, which must say all of the words.</summary>
    public async Task<string> Fails(string name, params string[] words)
    {
        CliException error = await Assert.ThrowsAsync<CliException>(() => Run(name));
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
        return error.Message;
    }

    /// <summary>Leaves what a broken download of the weights would have left.</summary>
    public void Leave(byte[] partial)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Partial)!);
        File.WriteAllBytes(Partial, partial);
    }

    /// <summary>Whether the name resolves in the cache.</summary>
    public string? Resolve(string name = "org/tiny")
    {
        try
        {
            return ModelFolder.Resolve(name, variable => variable == "HF_HUB_CACHE" ? Cache : null);
        }
        catch (CheckpointException)
        {
            return null;
        }
    }

    /// <summary>Asserts that the cache holds the whole model, and nothing that is half done.</summary>
    public void IsWhole()
    {
        Assert.Equal(Snapshot, Resolve());
        Assert.Equal(TinyModel.Used, Directory.GetFiles(Snapshot, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Snapshot, file)).Order(StringComparer.Ordinal));
        Assert.All(TinyModel.Used, file => Assert.Equal(server.Files[file], File.ReadAllBytes(Path.Combine(Snapshot, file))));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(Folder, "*", SearchOption.AllDirectories), path => path.EndsWith(".incomplete", StringComparison.Ordinal) || path.EndsWith(".tmp", StringComparison.Ordinal));
    }
}
