using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace BertSharp.Cli.Tests.Download;

/// <summary><c>bert download</c> as a process.</summary>
public sealed class DownloadCommandTests : IDisposable
{
    private readonly HubServer _server = new();
    private readonly string _cache = Workplace.New();

    private Dictionary<string, string> Variables => new()
    {
        ["HF_ENDPOINT"] = _server.Endpoint,
        ["HF_HUB_CACHE"] = _cache,
        ["HF_HOME"] = _cache, // No token of the machine.
        ["HF_TOKEN"] = "",
    };

    private string Snapshot => Path.Combine(_cache, "models--org--tiny", "snapshots", TinyModel.Commit);

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void A_name_works_once_the_command_of_the_error_has_run(string build)
    {
        Tool tool = Tool.Of(build);
        foreach (string[] verb in (string[][])[["embed", "-m", "org/tiny", "a man"], ["tokenize", "-m", "org/tiny", "a man"], ["params", "org/tiny"], ["bench", "org/tiny"]])
        {
            tool.RunWith(null, Variables, verb).Failed(1, "bert download org/tiny");
        }

        Assert.Equal(Snapshot + "\n", tool.RunWith(null, Variables, "download", "org/tiny").Succeeded().Output);
        Assert.Equal("[CLS] a man [SEP]\n", tool.RunWith(null, Variables, "tokenize", "-m", "org/tiny", "a man").Succeeded().Output);
        JsonElement embedded = JsonDocument.Parse(tool.RunWith(null, Variables, "embed", "-m", "org/tiny", "a man", "--format", "jsonl").Succeeded().Output).RootElement;
        Assert.Equal(16, embedded.GetProperty("embedding").GetArrayLength());
        Assert.Contains("bert.pooler.dense.bias", tool.RunWith(null, Variables, "params", "org/tiny@main").Succeeded().Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void Json_tells_what_was_fetched(string build)
    {
        Tool tool = Tool.Of(build);
        foreach (bool fetched in (bool[])[true, false])
        {
            JsonElement root = JsonDocument.Parse(tool.RunWith(null, Variables, "download", "org/tiny@v1", "--format", "json").Succeeded().Output).RootElement;
            Assert.Equal(("org/tiny", "v1", TinyModel.Commit, Snapshot), (root.GetProperty("name").GetString(), root.GetProperty("revision").GetString(), root.GetProperty("commit").GetString(), root.GetProperty("folder").GetString()));
            Assert.Equal(
                TinyModel.Used.Select(file => (file, _server.Files[file].Length, fetched)),
                root.GetProperty("files").EnumerateArray().Select(file => (file.GetProperty("name").GetString()!, file.GetProperty("size").GetInt32(), file.GetProperty("fetched").GetBoolean())).OrderBy(file => file.Item1, StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Errors_are_one_line_and_say_what_to_do()
    {
        Tool.Jit.RunWith(null, Variables, "download", "org/other").Failed(1, "org/other", _server.Endpoint, "HF_TOKEN");
        Tool.Jit.RunWith(null, Variables, "download", "a/b/c").Failed(2, "a/b/c", "BAAI/bge-small-en-v1.5");
        Tool.Jit.RunWith(null, Variables, "download").Failed(2, "bert download --help");
        Tool.Jit.RunWith(null, new Dictionary<string, string>(Variables) { ["HF_ENDPOINT"] = "nowhere" }, "download", "org/tiny").Failed(1, "HF_ENDPOINT", "nowhere");
        _server.Dispose();
        Tool.Jit.RunWith(null, Variables, "download", "org/tiny").Failed(1, "cannot reach", _server.Endpoint, "HF_ENDPOINT");
    }

    [Fact]
    public void The_token_comes_from_the_environment()
    {
        Tool.Jit.RunWith(null, new Dictionary<string, string>(Variables) { ["HF_TOKEN"] = "hf_test" }, "download", "org/tiny").Succeeded();
        Assert.All(_server.Requests, request => Assert.Equal("Bearer hf_test", request.Authorization));
    }

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public async Task Ctrl_C_ends_at_once_and_keeps_what_is_there(string build)
    {
        const int Break = 1000;
        bool first = true;
        _server.Before = request =>
        {
            bool stalls = first && request.File == TinyModel.Weights;
            first &= !stalls;
            return stalls ? _server.Reply(request) with { BreakAfter = Break, Stalls = true } : null;
        };
        string partial = Path.Combine(_cache, "models--org--tiny", "blobs", TinyModel.Hash(TinyModel.Weights, _server.Weights) + ".incomplete");
        Tool tool = Tool.Of(build);
        using Process process = tool.StartWith(Variables, "download", "org/tiny");
        while (!File.Exists(partial) || new FileInfo(partial).Length < Break)
        {
            Assert.False(process.HasExited, "it ended before it was stopped");
            await Task.Delay(10);
        }

        Stopwatch clock = Stopwatch.StartNew();
        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await process.WaitForExitAsync();
        Assert.Equal((130, ""), (process.ExitCode, await process.StandardError.ReadToEndAsync()));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5); // It takes one; the rest is for a busy machine.
        Assert.Equal(Break, new FileInfo(partial).Length);

        tool.RunWith(null, Variables, "download", "org/tiny").Succeeded();
        Assert.Equal([0, Break], _server.For(TinyModel.Weights).Select(request => request.From));
        Assert.Equal(_server.Weights, File.ReadAllBytes(Path.Combine(Snapshot, TinyModel.Weights)));
    }

    [Fact]
    public async Task Two_processes_fetch_every_file_once()
    {
        TaskCompletionSource waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Gate = request => request.File == TinyModel.Weights ? waits.Task : Task.CompletedTask;
        using Process one = Tool.Jit.StartWith(Variables, "download", "org/tiny"), two = Tool.Jit.StartWith(Variables, "download", "org/tiny");
        string waiting = (await await Task.WhenAny(one.StandardError.ReadLineAsync(), two.StandardError.ReadLineAsync()))!;
        waits.SetResult();
        await Task.WhenAll(one.WaitForExitAsync(), two.WaitForExitAsync());
        Assert.Contains("another process fetches it", waiting, StringComparison.Ordinal);
        Assert.Equal((0, 0), (one.ExitCode, two.ExitCode));
        Assert.Equal((Snapshot + "\n", Snapshot + "\n"), (await one.StandardOutput.ReadToEndAsync(), await two.StandardOutput.ReadToEndAsync()));
        Assert.All(TinyModel.Used, file => Assert.Single(_server.Requests, request => request.Path.EndsWith($"{TinyModel.Commit}/{file}", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_example_of_the_help_runs_as_it_stands()
    {
        string[] examples = Tool.Jit.Examples("download");
        Assert.NotEmpty(examples);
        foreach (string example in examples)
        {
            // The examples name models of the Hub; here is one that bears all their names.
            _server.Model = example.Contains("BAAI", StringComparison.Ordinal) ? "BAAI/bge-small-en-v1.5" : "sentence-transformers/all-MiniLM-L6-v2";
            ToolResult result = Tool.Jit.Shell(example, Variables);
            Assert.True(result.ExitCode == 0, $"{example}\n{result.Error}");
        }
    }

    public void Dispose() => _server.Dispose();
}
