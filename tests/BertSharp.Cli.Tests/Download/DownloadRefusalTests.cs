using System.Text;
using BertSharp.Cli.Download;

namespace BertSharp.Cli.Tests.Download;

/// <summary>Servers that are busy, refuse, redirect to nowhere, are none of the Hub's, or cannot be reached.</summary>
public sealed class DownloadRefusalTests : IDisposable
{
    private readonly HubServer _server = new();

    [Theory]
    [InlineData("Retry-After: 7", 7)]
    [InlineData("RateLimit: \"resolvers\";r=0;t=42", 42)]
    public async Task A_busy_server_is_given_the_time_it_asks_for(string header, int seconds)
    {
        Downloader downloader = new(_server);
        _server.First(TinyModel.Weights, _ => new HubReply(429) { Headers = [header] });
        await downloader.Run();
        downloader.IsWhole();
        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.Single(downloader.Waits));
        Assert.Contains($"429; trying again in {seconds} s", downloader.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_asks_for_an_hour_is_not_waited_for()
    {
        Downloader downloader = new(_server);
        _server.First(TinyModel.Weights, _ => new HubReply(429) { Headers = ["Retry-After: 3600"] });
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
        _server.First(TinyModel.Weights, _ => new HubReply(status) { Headers = code.Length > 0 ? [$"X-Error-Code: {code}", "X-Error-Message: said \u001b[31mso"] : [] });
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
        await downloader.Fails("org/other", "org/other", "no such model", "that the token may read");
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

    public void Dispose() => _server.Dispose();
}
