using BertSharp.Cli.Download;

namespace BertSharp.Cli.Tests.Download;

/// <summary>What a download leaves in the cache, and what it asks the server for.</summary>
public sealed class ModelDownloadTests : IDisposable
{
    private readonly HubServer _server = new();
    private readonly Downloader _downloader;

    public ModelDownloadTests() => _downloader = new Downloader(_server);

    [Fact]
    public async Task The_files_that_are_used_are_fetched_into_the_layout_of_hugging_face()
    {
        DownloadResult result = await _downloader.Run();
        _downloader.IsWhole();
        Assert.Equal(("org/tiny", "main", TinyModel.Commit, _downloader.Snapshot), (result.Name, result.Revision, result.Commit, result.Folder));
        Assert.Equal(TinyModel.Used, result.Files.Select(file => file.Name).Order(StringComparer.Ordinal));
        Assert.All(result.Files, file => Assert.Equal((_server.Files[file.Name].LongLength, true), (file.Size, file.Fetched)));
        Assert.Equal(TinyModel.Commit, File.ReadAllText(Path.Combine(_downloader.Folder, "refs", "main")));
        Assert.Equal(TinyModel.Used.Select(file => TinyModel.Hash(file, _server.Files[file])).Order(), Directory.GetFiles(Path.Combine(_downloader.Folder, "blobs")).Select(Path.GetFileName).Order());
        Assert.Equal($"../../blobs/{TinyModel.Hash("config.json", _server.Files["config.json"])}", new FileInfo(Path.Combine(_downloader.Snapshot, "config.json")).LinkTarget);
        Assert.StartsWith("../../../blobs/", new FileInfo(Path.Combine(_downloader.Snapshot, "1_Pooling", "config.json")).LinkTarget!, StringComparison.Ordinal);
        Assert.Equal("/api/models/org/tiny/revision/main?blobs=true", _server.Requests[0].Path);
        Assert.Equal(1 + TinyModel.Used.Length, _server.Requests.Count);
        Assert.Equal("", _downloader.Said);
    }

    [Fact]
    public async Task What_is_there_is_not_fetched_again()
    {
        await _downloader.Run();
        DownloadResult result = await _downloader.Run();
        Assert.All(result.Files, file => Assert.False(file.Fetched));
        Assert.Equal(2 + TinyModel.Used.Length, _server.Requests.Count); // Only the listing a second time.
        _downloader.IsWhole();
    }

    [Fact]
    public async Task A_snapshot_that_lacks_files_is_completed()
    {
        Directory.CreateDirectory(_downloader.Snapshot);
        File.WriteAllBytes(Path.Combine(_downloader.Snapshot, "config.json"), _server.Files["config.json"]);
        File.CreateSymbolicLink(Path.Combine(_downloader.Snapshot, TinyModel.Weights), "../../blobs/gone");
        DownloadResult result = await _downloader.Run();
        Assert.Equal("config.json", Assert.Single(result.Files, file => !file.Fetched).Name);
        _downloader.IsWhole();
    }

    [Fact]
    public async Task A_blob_of_the_wrong_length_is_fetched_again()
    {
        await _downloader.Run();
        File.WriteAllBytes(_downloader.Blob, _server.Weights[..100]);
        DownloadResult result = await _downloader.Run();
        Assert.Equal(TinyModel.Weights, Assert.Single(result.Files, file => file.Fetched).Name);
        _downloader.IsWhole();
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("refs/pr/1")]
    public async Task A_revision_gets_a_reference_of_its_own(string revision)
    {
        await _downloader.Run($"org/tiny@{revision}");
        Assert.Equal(TinyModel.Commit, File.ReadAllText(Path.Combine(_downloader.Folder, "refs", revision)));
        Assert.False(File.Exists(Path.Combine(_downloader.Folder, "refs", "main")));
        Assert.Equal(_downloader.Snapshot, _downloader.Resolve($"org/tiny@{revision}"));
        Assert.Contains(_server.Requests, request => request.Path == $"/api/models/org/tiny/revision/{Uri.EscapeDataString(revision)}?blobs=true");
    }

    [Fact]
    public async Task A_commit_needs_no_reference()
    {
        await _downloader.Run($"org/tiny@{TinyModel.Commit}");
        Assert.False(Directory.Exists(Path.Combine(_downloader.Folder, "refs")));
        Assert.Equal(_downloader.Snapshot, _downloader.Resolve($"org/tiny@{TinyModel.Commit}"));
    }

    [Fact]
    public async Task A_new_commit_takes_the_reference_over()
    {
        Directory.CreateDirectory(Path.Combine(_downloader.Folder, "refs"));
        Directory.CreateDirectory(Path.Combine(_downloader.Folder, "snapshots", "old"));
        File.WriteAllText(Path.Combine(_downloader.Folder, "refs", "main"), "old");
        await _downloader.Run();
        _downloader.IsWhole();
    }

    [Fact]
    public async Task A_name_without_organisation_is_also_sought_at_sentence_transformers()
    {
        _server.Model = "sentence-transformers/tiny";
        DownloadResult result = await _downloader.Run("tiny");
        Assert.Equal("sentence-transformers/tiny", result.Name);
        Assert.Equal(_downloader.Snapshot, _downloader.Resolve("tiny"));
        Assert.Equal("/api/models/tiny/revision/main?blobs=true", _server.Requests[0].Path);
    }

    [Fact]
    public async Task Where_links_are_not_to_be_had_the_files_are_copied()
    {
        _downloader.Settings = _downloader.Settings with { Links = false };
        await _downloader.Run();
        Assert.Null(new FileInfo(Path.Combine(_downloader.Snapshot, "config.json")).LinkTarget);
        _downloader.IsWhole();
    }

    [Fact]
    public async Task The_token_goes_to_the_endpoint_and_to_nobody_else()
    {
        using HubServer files = new();
        _downloader.Settings = _downloader.Settings with { Token = "hf_secret" };
        _server.Before = request => request.File == TinyModel.Weights ? new HubReply(302) { Headers = [$"Location: {files.Endpoint}/signed?name=1"] } : null;
        bool broken = false;
        files.Before = request =>
        {
            HubReply reply = HubServer.Part(_server.Weights, request.From);
            (bool first, broken) = (!broken, true);
            return first ? reply with { BreakAfter = 1000 } : reply;
        };
        await _downloader.Run();
        _downloader.IsWhole();
        Assert.All(_server.Requests, request => Assert.Equal("Bearer hf_secret", request.Authorization));
        Assert.Equal([("/signed?name=1", null, 0), ("/signed?name=1", null, 1000)], files.Requests.Select(request => (request.Path, request.Authorization, request.From)));
    }

    [Fact]
    public async Task A_model_that_was_renamed_is_found_with_the_token()
    {
        _downloader.Settings = _downloader.Settings with { Token = "hf_secret" };
        _server.Before = request => request.Path.Contains("old/name", StringComparison.Ordinal)
            ? new HubReply(307) { Headers = [$"Location: {request.Path.Replace("old/name", "org/tiny", StringComparison.Ordinal)}"] }
            : null;
        DownloadResult result = await _downloader.Run("old/name");
        Assert.Equal("old/name", result.Name);
        Assert.NotNull(_downloader.Resolve("old/name"));
        Assert.All(_server.Requests, request => Assert.Equal("Bearer hf_secret", request.Authorization));
    }

    [Fact]
    public async Task Offline_only_the_cache_is_asked()
    {
        HubSettings online = _downloader.Settings, offline = online with { Offline = true };
        _downloader.Settings = offline;
        await _downloader.Fails("org/tiny", "org/tiny", "HF_HUB_OFFLINE", _downloader.Cache);
        Assert.Empty(_server.Requests);
        _downloader.Settings = online;
        await _downloader.Run();
        int asked = _server.Requests.Count;
        _downloader.Settings = offline;
        DownloadResult result = await _downloader.Run();
        Assert.Equal((_downloader.Snapshot, TinyModel.Commit), (result.Folder, result.Commit));
        Assert.Equal(TinyModel.Used.Select(file => new DownloadedFile(file, _server.Files[file].Length, false)), result.Files);
        Assert.Equal(asked, _server.Requests.Count);
    }

    [Fact]
    public async Task Two_at_once_fetch_every_file_once()
    {
        Downloader second = new(_server) { Settings = _downloader.Settings };
        TaskCompletionSource waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _downloader.Heard = second.Heard = _ => waits.TrySetResult();
        _server.Gate = request => request.File == TinyModel.Weights ? waits.Task : Task.CompletedTask; // Held until the other stands at the lock.
        DownloadResult[] results = await Task.WhenAll(_downloader.Run(), second.Run());
        Assert.Contains("another process", _downloader.Said + second.Said, StringComparison.Ordinal);
        Assert.All(TinyModel.Used, file => Assert.Single(_server.Requests, request => request.Path.EndsWith($"{TinyModel.Commit}/{file}", StringComparison.Ordinal)));
        Assert.All(TinyModel.Used, file => Assert.Single(results, result => result.Files.Single(one => one.Name == file).Fetched));
        _downloader.IsWhole();
    }

    [Fact]
    public async Task Progress_grows_to_the_whole()
    {
        List<double> shares = [];
        _downloader.Progress = shares.Add;
        await _downloader.Run();
        Assert.Equal(shares.Order(), shares);
        Assert.InRange(shares[0], 0.0001, 0.5);
        Assert.Equal(1, shares[^1]);
    }

    public void Dispose() => _server.Dispose();
}
