using BertSharp.Cli.Download;

namespace BertSharp.Cli.Tests.Download;

/// <summary>Servers that break connections, send other lengths and contents, stall, and take no ranges.</summary>
public sealed class DownloadResumeTests : IDisposable
{
    private const int Break = 1000;

    private readonly HubServer _server = new();

    [Fact]
    public async Task A_broken_connection_is_resumed_by_range()
    {
        Downloader downloader = new(_server);
        _server.First(TinyModel.Weights, request => _server.Reply(request) with { BreakAfter = Break });
        await downloader.Run();
        downloader.IsWhole();
        Assert.Equal([(0, Break), (Break, _server.Weights.Length - Break)], _server.For(TinyModel.Weights).Select(request => (request.From, request.Sent)));
        Assert.InRange(Assert.Single(downloader.Waits).TotalSeconds, 0.5, 1);
        Assert.Matches(@"^org/tiny: model\.safetensors: the connection to \S+ broke \(.+\); trying again in (0\.\d|1) s$", downloader.Said);
    }

    [Fact]
    public async Task Attempts_that_bring_something_may_be_many()
    {
        Downloader downloader = new(_server);
        int step = (_server.Weights.Length / 20) + 1; // 19 breaks; six in a row that brought nothing would be the end.
        _server.Before = request => request.File == TinyModel.Weights && _server.Reply(request) is { } reply && reply.Body.Length > step ? reply with { BreakAfter = step } : null;
        await downloader.Run();
        downloader.IsWhole();
        Assert.Equal(20, _server.For(TinyModel.Weights).Length);
        Assert.Equal(_server.Weights.Length, _server.For(TinyModel.Weights).Sum(request => request.Sent));
        Assert.All(downloader.Waits, wait => Assert.InRange(wait.TotalSeconds, 0.5, 1));
    }

    [Fact]
    public async Task Attempts_that_bring_nothing_are_six_with_longer_and_longer_waits()
    {
        Downloader downloader = new(_server);
        _server.Before = request => request.File == TinyModel.Weights ? _server.Reply(request) with { BreakAfter = 0 } : null;
        await downloader.Fails("org/tiny", "org/tiny: ", TinyModel.Weights, "6 times in a row", "kept");
        Assert.Equal(6, _server.For(TinyModel.Weights).Length);
        Assert.Equal(5, downloader.Waits.Length);
        Assert.All(downloader.Waits.Zip([1, 2, 4, 8, 8]), pair => Assert.InRange(pair.First.TotalSeconds, pair.Second / 2.0, pair.Second));
        Assert.Null(downloader.Resolve());
        Assert.False(Directory.Exists(Path.Combine(downloader.Folder, "snapshots"))); // All or nothing, without a reference too.
    }

    [Fact]
    public async Task An_interrupted_download_that_is_repeated_fetches_only_what_is_missing()
    {
        Downloader downloader = new(_server);
        using CancellationTokenSource stop = new();
        _server.First(TinyModel.Weights, request => _server.Reply(request) with { BreakAfter = Break, Stalls = true });
        long whole = TinyModel.Used.Sum(file => _server.Files[file].Length);
        downloader.Progress = share =>
        {
            if (File.Exists(downloader.Partial) && new FileInfo(downloader.Partial).Length == Break)
            {
                stop.Cancel();
            }
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => downloader.Run(cancellation: stop.Token));
        Assert.Equal(_server.Weights[..Break], File.ReadAllBytes(downloader.Partial));
        Assert.Null(downloader.Resolve());

        DownloadResult result = await downloader.Run();
        downloader.IsWhole();
        Assert.Equal([0, Break], _server.For(TinyModel.Weights).Select(request => request.From));
        Assert.Equal(whole, _server.Requests.Where(request => request.Path.Contains("/resolve/", StringComparison.Ordinal)).Sum(request => request.Sent));
        Assert.Equal(TinyModel.Weights, Assert.Single(result.Files, file => file.Fetched).Name);
    }

    [Fact]
    public async Task Silence_ends_and_the_rest_is_asked_for()
    {
        Downloader downloader = new(_server);
        downloader.Settings = downloader.Settings with { Stall = TimeSpan.FromSeconds(0.5) };
        _server.First(TinyModel.Weights, request => _server.Reply(request) with { BreakAfter = Break, Stalls = true });
        await downloader.Run();
        downloader.IsWhole();
        Assert.Contains("sent nothing for 0.5 s", downloader.Said, StringComparison.Ordinal);
        Assert.Contains(_server.For(TinyModel.Weights), request => request.From == Break);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_wrong_length_is_an_error_and_the_next_attempt_starts_over(int more)
    {
        Downloader downloader = new(_server);
        _server.First(TinyModel.Weights, request => _server.Reply(request) with { Length = _server.Weights.Length + more });
        await downloader.Fails("org/tiny", "org/tiny: model.safetensors", $"expected {_server.Weights.Length} bytes", $"found {_server.Weights.Length + more}", "removed");
        Assert.False(File.Exists(downloader.Partial));
        await downloader.Run();
        downloader.IsWhole();
        Assert.Equal([0, 0], _server.For(TinyModel.Weights).Select(request => request.From));
    }

    [Fact]
    public async Task A_body_that_does_not_end_is_cut_off()
    {
        Downloader downloader = new(_server);
        _server.First(TinyModel.Weights, request => new HubReply(200, [.. _server.Weights, 1, 2, 3]) { Length = -1 });
        await downloader.Fails("org/tiny", "model.safetensors", $"found more than {_server.Weights.Length}");
        Assert.False(File.Exists(downloader.Partial));
    }

    [Fact]
    public async Task A_body_of_unknown_length_that_ends_early_is_resumed()
    {
        Downloader downloader = new(_server);
        _server.First(TinyModel.Weights, request => new HubReply(200, _server.Weights[..Break]) { Length = -1 });
        await downloader.Run();
        downloader.IsWhole();
        Assert.Equal([0, Break], _server.For(TinyModel.Weights).Select(request => request.From));
        Assert.Contains($"ended after {Break} of {_server.Weights.Length} bytes", downloader.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TinyModel.Weights)]
    [InlineData("vocab.txt")]
    public async Task A_wrong_hash_is_an_error_and_the_next_attempt_starts_over(string file)
    {
        Downloader downloader = new(_server);
        byte[] damaged = [.. _server.Files[file]];
        damaged[^1] ^= 1;
        _server.First(file, _ => new HubReply(200, damaged));
        await downloader.Fails("org/tiny", $"org/tiny: {file}", $"expected the hash {TinyModel.Hash(file, _server.Files[file])}", $"found {TinyModel.Hash(file, damaged)}", "removed");
        Assert.Null(downloader.Resolve());
        await downloader.Run();
        downloader.IsWhole();
        Assert.Equal([0, 0], _server.For(file).Select(request => request.From));
    }

    [Fact]
    public async Task A_partial_of_another_content_is_found_out_by_the_hash()
    {
        Downloader downloader = new(_server);
        downloader.Leave(new byte[Break]);
        await downloader.Fails("org/tiny", "model.safetensors", "hash");
        Assert.False(File.Exists(downloader.Partial));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_partial_as_long_as_the_file_or_longer_needs_no_impossible_range(int more)
    {
        Downloader downloader = new(_server);
        downloader.Leave([.. _server.Weights, .. new byte[more]]);
        await downloader.Run();
        downloader.IsWhole();
        Assert.Equal(more, _server.For(TinyModel.Weights).Length); // Whole: nothing to ask for.
    }

    [Fact]
    public async Task A_server_that_takes_no_ranges_sends_the_whole_again()
    {
        Downloader downloader = new(_server);
        downloader.Leave(new byte[Break]); // Overwritten, as its content shows.
        _server.First(TinyModel.Weights, _ => new HubReply(200, _server.Weights));
        await downloader.Run();
        downloader.IsWhole();
        Assert.Equal([Break], _server.For(TinyModel.Weights).Select(request => request.From));
    }

    [Theory]
    [InlineData(416, "bytes */10")]
    [InlineData(206, "bytes 5-9/10")]
    [InlineData(206, "nonsense")]
    public async Task A_server_that_cannot_go_on_starts_over(int status, string range)
    {
        Downloader downloader = new(_server);
        downloader.Leave(new byte[Break]);
        _server.First(TinyModel.Weights, _ => new HubReply(status, new byte[5]) { Headers = [$"Content-Range: {range}"] });
        await downloader.Run();
        downloader.IsWhole();
        Assert.Equal([Break, 0], _server.For(TinyModel.Weights).Select(request => request.From));
    }

    public void Dispose() => _server.Dispose();
}
