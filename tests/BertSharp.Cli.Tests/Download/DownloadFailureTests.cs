using System.Text;
using BertSharp.Cli.Download;

namespace BertSharp.Cli.Tests.Download;

/// <summary>Servers that break, lie, refuse, stall and redirect.</summary>
public sealed class DownloadFailureTests(ITestOutputHelper output) : IDisposable
{
    private const int Break = 1000;

    private readonly HubServer _server = new();

    [Fact]
    public async Task A_broken_connection_is_resumed_by_range()
    {
        Downloader downloader = new(_server);
        First(TinyModel.Weights, request => _server.Reply(request) with { BreakAfter = Break });
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
        First(TinyModel.Weights, request => _server.Reply(request) with { BreakAfter = Break, Stalls = true });
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
        First(TinyModel.Weights, request => _server.Reply(request) with { BreakAfter = Break, Stalls = true });
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
        First(TinyModel.Weights, request => _server.Reply(request) with { Length = _server.Weights.Length + more });
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
        First(TinyModel.Weights, request => new HubReply(200, [.. _server.Weights, 1, 2, 3]) { Length = -1 });
        await downloader.Fails("org/tiny", "model.safetensors", $"found more than {_server.Weights.Length}");
        Assert.False(File.Exists(downloader.Partial));
    }

    [Fact]
    public async Task A_body_of_unknown_length_that_ends_early_is_resumed()
    {
        Downloader downloader = new(_server);
        First(TinyModel.Weights, request => new HubReply(200, _server.Weights[..Break]) { Length = -1 });
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
        First(file, _ => new HubReply(200, damaged));
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
        Leave(downloader, new byte[Break]);
        await downloader.Fails("org/tiny", "model.safetensors", "hash");
        Assert.False(File.Exists(downloader.Partial));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_partial_as_long_as_the_file_or_longer_needs_no_impossible_range(int more)
    {
        Downloader downloader = new(_server);
        Leave(downloader, [.. _server.Weights, .. new byte[more]]);
        await downloader.Run();
        downloader.IsWhole();
        Assert.Equal(more, _server.For(TinyModel.Weights).Length); // Whole: nothing to ask for.
    }

    [Fact]
    public async Task A_server_that_takes_no_ranges_sends_the_whole_again()
    {
        Downloader downloader = new(_server);
        Leave(downloader, new byte[Break]); // Overwritten, as its content shows.
        First(TinyModel.Weights, _ => new HubReply(200, _server.Weights));
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
        Leave(downloader, new byte[Break]);
        First(TinyModel.Weights, _ => new HubReply(status, new byte[5]) { Headers = [$"Content-Range: {range}"] });
        await downloader.Run();
        downloader.IsWhole();
        Assert.Equal([Break, 0], _server.For(TinyModel.Weights).Select(request => request.From));
    }

    [Theory]
    [InlineData("Retry-After: 7", 7)]
    [InlineData("RateLimit: \"resolvers\";r=0;t=42", 42)]
    public async Task A_busy_server_is_given_the_time_it_asks_for(string header, int seconds)
    {
        Downloader downloader = new(_server);
        First(TinyModel.Weights, _ => new HubReply(429) { Headers = [header] });
        await downloader.Run();
        downloader.IsWhole();
        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.Single(downloader.Waits));
        Assert.Contains($"429; trying again in {seconds} s", downloader.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_asks_for_an_hour_is_not_waited_for()
    {
        Downloader downloader = new(_server);
        First(TinyModel.Weights, _ => new HubReply(429) { Headers = ["Retry-After: 3600"] });
        await downloader.Fails("org/tiny", "429", "asks to wait 3600 s");
        Assert.Empty(downloader.Waits);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("main?blobs=true")]
    public async Task Server_errors_are_tried_again(string file)
    {
        Downloader downloader = new(_server);
        int failures = 0;
        _server.Before = request => request.Path.EndsWith(file, StringComparison.Ordinal) && failures++ < 3 ? new HubReply(503) : null;
        await downloader.Run();
        downloader.IsWhole();
        Assert.Equal(3, downloader.Waits.Length);
    }

    [Theory]
    [InlineData(null, 401, "", "set HF_TOKEN to a token that may read")]
    [InlineData("hf_x", 401, "", "the token was refused; set HF_TOKEN")]
    [InlineData(null, 401, "GatedRepo", "Accept its licence at {0}/org/tiny")]
    [InlineData("hf_x", 403, "GatedRepo", "Accept its licence at {0}/org/tiny")]
    [InlineData("hf_x", 403, "", "HF_TOKEN")]
    [InlineData(null, 404, "EntryNotFound", "lists the file, but does not have it")]
    [InlineData(null, 418, "", "is HF_ENDPOINT right?")]
    public async Task Refusals_say_what_to_do(string? token, int status, string code, string words)
    {
        Downloader downloader = new(_server);
        downloader.Settings = downloader.Settings with { Token = token };
        First(TinyModel.Weights, _ => new HubReply(status) { Headers = code.Length > 0 ? [$"X-Error-Code: {code}", "X-Error-Message: said \u001b[31mso"] : [] });
        string message = await downloader.Fails("org/tiny", "org/tiny: model.safetensors", $"{status}");
        Assert.Contains(words.Replace("{0}", _server.Endpoint, StringComparison.Ordinal), message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(message, char.IsControl);
        Assert.DoesNotContain("hf_x", message, StringComparison.Ordinal);
        Assert.Empty(downloader.Waits);
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_an_error_by_name()
    {
        Downloader downloader = new(_server);
        await downloader.Fails("org/other", "org/other", _server.Endpoint, "no such model", "set HF_TOKEN");
        downloader.Settings = downloader.Settings with { Token = "hf_x" };
        await downloader.Fails("org/other", "org/other", "no such model", "owner of the token");
        await downloader.Fails("other", "other", "no such model");
        Assert.Equal(["/api/models/other/revision/main?blobs=true", "/api/models/sentence-transformers/other/revision/main?blobs=true"], _server.Requests.TakeLast(2).Select(request => request.Path));
        Assert.False(Directory.Exists(downloader.Cache));
    }

    [Fact]
    public async Task A_token_that_is_refused_is_not_taken_for_an_unknown_model()
    {
        Downloader downloader = new(_server);
        downloader.Settings = downloader.Settings with { Token = "hf_x" };
        _server.Before = _ => new HubReply(401) { Headers = ["X-Error-Message: Invalid credentials in Authorization header"] };
        await downloader.Fails("org/tiny", "the token was refused");
    }

    [Fact]
    public Task A_revision_that_is_not_there_is_an_error_by_name() =>
        new Downloader(_server).Fails("org/tiny@v9", "org/tiny@v9", _server.Endpoint, "no revision 'v9'");

    [Fact]
    public async Task An_endpoint_that_cannot_be_reached_is_named_at_once()
    {
        Downloader downloader = new(_server);
        _server.Dispose();
        await downloader.Fails("org/tiny", "cannot reach", downloader.Settings.Address, "HF_ENDPOINT");
        downloader.Settings = downloader.Settings with { Endpoint = new Uri("http://no-such-host.invalid") };
        await downloader.Fails("org/tiny", "cannot reach", "no-such-host.invalid", "HF_ENDPOINT");
        Assert.Empty(downloader.Waits);
    }

    [Theory]
    [InlineData("<html>Please log in</html>", "expected JSON")]
    [InlineData("", "expected JSON")]
    [InlineData("[]", "sha")]
    public async Task An_endpoint_that_is_no_hub_is_named(string body, string words)
    {
        _server.Before = _ => new HubReply(200, Encoding.UTF8.GetBytes(body));
        await new Downloader(_server).Fails("org/tiny", "org/tiny: the listing of 127.0.0.1", words, "HF_ENDPOINT");
    }

    [Fact]
    public async Task A_listing_without_end_is_cut_off()
    {
        _server.Before = _ => new HubReply(200, [.. Enumerable.Repeat((byte)' ', ModelListing.MostBytes + 1)]);
        await new Downloader(_server).Fails("org/tiny", $"at most {ModelListing.MostBytes} bytes");
    }

    [Theory]
    [InlineData("Location: /loop", "more than 10")]
    [InlineData("Location: file:///etc/passwd", "file:///etc/passwd")]
    [InlineData("Location: ftp://somewhere/x", "ftp://somewhere/x")]
    [InlineData("X-Nothing: 1", "redirects to ''")]
    public async Task Redirects_that_lead_nowhere_are_errors(string header, string words)
    {
        _server.Before = _ => new HubReply(302) { Headers = [header] };
        await new Downloader(_server).Fails("org/tiny", words);
        Assert.InRange(_server.Requests.Count, 1, 11);
    }

    [Fact]
    public async Task A_model_without_files_that_are_used_is_refused_and_one_without_weights_is_warned_of()
    {
        Downloader downloader = new(_server);
        foreach (string file in _server.Files.Keys.Where(name => TinyModel.IsLarge(name) && !name.EndsWith(".h5", StringComparison.Ordinal)).ToArray())
        {
            _server.Files.Remove(file);
        }

        await downloader.Run();
        Assert.Contains("no weights", downloader.Said, StringComparison.Ordinal);
        Assert.Contains("tf_model.h5", downloader.Said, StringComparison.Ordinal);
        _server.Files.Clear();
        _server.Files["tf_model.h5"] = [1];
        await downloader.Fails("org/tiny", "no file that is used", "tf_model.h5");
    }

    [Fact]
    public async Task Random_answers_give_clear_errors_or_the_right_file()
    {
        int seed = Random.Shared.Next(), right = 0, refused = 0;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        foreach (string file in _server.Files.Keys.Except(["config.json"]).ToArray())
        {
            _server.Files.Remove(file); // One small file: what is fuzzed is the talk.
        }

        _server.Before = request => new HubReply(0) { Raw = Mutate(_server.Reply(request).Bytes, random) };
        for (int i = 0; i < 400; i++)
        {
            Downloader downloader = new(_server);
            downloader.Settings = downloader.Settings with { Stall = TimeSpan.FromSeconds(20) };
            try
            {
                await downloader.Run();
                Assert.Equal(_server.Files["config.json"], File.ReadAllBytes(Path.Combine(downloader.Resolve()!, "config.json")));
                right++;
            }
            catch (CliException error)
            {
                Assert.DoesNotContain(error.Message, char.IsControl);
                refused++;
            }
        }

        output.WriteLine($"{right} right, {refused} refused");
        Assert.True(right > 20 && refused > 20, $"{right} right, {refused} refused");
    }

    public void Dispose() => _server.Dispose();

    // Bytes changed, put in, or left out, in a part of the answers.
    private static byte[] Mutate(byte[] answer, Random random)
    {
        List<byte> bytes = [.. answer];
        int end = Math.Min(bytes.Count, answer.AsSpan().IndexOf("\r\n\r\n"u8) + 60);
        for (int n = random.Next(3); n > 0; n--)
        {
            int at = random.Next(end - 1);
            switch (random.Next(3))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.Insert(at, (byte)"0:\r\n-;,9"[random.Next(8)]); break;
                default: bytes.RemoveAt(at); end--; break;
            }
        }

        return [.. bytes];
    }

    // The first answer for a file; the server's own after it.
    private void First(string file, Func<HubRequest, HubReply> reply)
    {
        int asked = 0;
        _server.Before = request => request.File == file && Interlocked.Increment(ref asked) == 1 ? reply(request) : null;
    }

    private static void Leave(Downloader downloader, byte[] partial)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(downloader.Partial)!);
        File.WriteAllBytes(downloader.Partial, partial);
    }
}
