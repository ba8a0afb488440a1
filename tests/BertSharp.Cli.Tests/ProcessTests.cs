using System.Diagnostics;
using System.Text.Json;

namespace BertSharp.Cli.Tests;

/// <summary>The tool as a citizen of the shell: exit codes, errors of one line, signals, pipes, memory, and what its help promises.</summary>
public sealed class ProcessTests
{
    // More than a tool computes before a signal reaches it.
    private const int Lines = 20_000;

    public static TheoryData<string> Verbs { get; } = ["params", "diff", "tokenize", "embed", "similarity", "index", "search", "fill-mask", "score", "classify", "zero-shot", "rerank", "ner", "answer", "evaluate", "convert", "merge-lora", "quantize", "train-vocab", "pretrain-data", "train", "bench"];

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void Version_says_what_runs_it_and_how_wide_its_vectors_are(string build) =>
        Assert.Matches($@"^bert \d+\.\d+\.\d+\S* \({build}, \.NET 10\.\S+, \S+, (128|256|512)-bit vectors\)\n$", Tool.Of(build).Run("--version").Succeeded().Output);

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void Errors_are_one_line_and_say_what_to_do(string build)
    {
        Tool tool = Tool.Of(build);
        tool.Run("parms").Failed(2, "'parms'", "bert --help");
        tool.Run().Failed(2, "bert --help");
        tool.Run("params").Failed(2, "'params'", "bert params --help");
        tool.Run("params", "bert-base-uncased", "--format", "xml").Failed(2, "xml", "torch");
        tool.Run("bench", "bert-base-uncased", "--tokens", "0").Failed(2, "--tokens is '0'", "1 to 65536");
        tool.Run("bench", "bert-base-uncased", "--tokens", "513").Failed(2, "513", "at most 512");
        tool.Run("tokenize", "hello").Failed(2, "--model", "bert tokenize --help");
        tool.Run("tokenize", "-m", "no/such-model", "hello").Failed(1, "no/such-model", "Hugging Face cache", "HF_HOME");
        tool.Run("params", "no-such-model").Failed(1, "no-such-model", "published name", "bert-base-uncased");
        tool.Run("params", "bert-base-uncased", "--stats").Failed(2, "--stats", "checkpoint");
        tool.Run("params", Workplace.Write("broken.safetensors", "not a header at all")).Failed(1, "broken.safetensors");
        tool.Run("embed", "-m", "no/such-model", "hello").Failed(1, "no/such-model", "Hugging Face cache");
        tool.Run("embed", "-m", "no/such-model", "--input", "no-such-file.txt").Failed(1, "no-such-file.txt", "no such file");
    }

    [Fact]
    public void A_stack_trace_is_shown_on_demand_only()
    {
        ToolResult result = Tool.Jit.RunWith(null, new Dictionary<string, string> { ["BERT_DEBUG"] = "1" }, "params", "no-such-model");
        Assert.Contains("   at BertSharp", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_example_of_the_help_runs_as_it_stands(string verb)
    {
        SharedData.Require("models", "real", "all-MiniLM-L6-v2");
        string[] examples = Tool.Jit.Examples(verb);
        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Contains($"bert {verb} ", example, StringComparison.Ordinal));
        foreach (string example in examples)
        {
            ToolResult result = Tool.Jit.Shell(example);
            Assert.True(result.ExitCode == 0, $"{example}\n{result.Error}");
        }
    }

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public async Task Ctrl_C_ends_with_130_and_whole_results(string build)
    {
        SharedData.Require("tokenizers", "bert-base-uncased");
        string output = await InterruptedAsync(Tool.Of(build), "tokenize", "-m", "bert-base-uncased", "--format", "json");
        JsonElement[] results = [.. JsonDocument.Parse(output).RootElement.EnumerateArray()];
        Assert.NotEmpty(results);
        Assert.All(results, result => Assert.Equal("number", result.GetProperty("tokens")[2].GetString()));
    }

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public async Task Ctrl_C_stops_a_computation_between_layers(string build)
    {
        SharedData.Require("models", "real", "all-MiniLM-L6-v2");
        string output = await InterruptedAsync(Tool.Of(build), "embed", "-m", "all-MiniLM-L6-v2", "--format", "jsonl");
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.InRange(lines.Length, 1, Lines - 1);
        Assert.All(lines.Select((line, i) => (JsonDocument.Parse(line).RootElement, i)), pair => Assert.Equal($"text number {pair.i}", pair.RootElement.GetProperty("text").GetString()));
    }

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void A_reader_that_has_enough_ends_the_tool_quietly(string build)
    {
        SharedData.Require("tokenizers", "bert-base-uncased");
        // Endless input: only the broken pipe ends it.
        ToolResult result = Tool.Of(build).Shell("yes 'some text' 2>/dev/null | bert tokenize -m bert-base-uncased | head -n 2; echo ${PIPESTATUS[1]}");
        Assert.Equal(["[CLS] some text [SEP]", "[CLS] some text [SEP]", "0"], result.Succeeded().Lines);
    }

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void A_long_stream_needs_no_more_memory_than_a_short_one(string build)
    {
        SharedData.Require("tokenizers", "bert-base-uncased");
        string line = string.Join(' ', Enumerable.Repeat("streaming", 60));
        string input = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i} {line}\n")); // 60 MB, through a heap of 48.
        ToolResult result = Tool.Of(build).RunWith(input, new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x3000000" }, "tokenize", "-m", "bert-base-uncased", "--no-special-tokens");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(100_000, result.Lines.Length);
        Assert.StartsWith("6789 streaming", Tool.Jit.Run("tokenize", "-m", "bert-base-uncased", "--no-special-tokens", "6789 streaming").Output.Replace(" ##", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.All([0, 500, 99_999], i => Assert.StartsWith(i.ToString(System.Globalization.CultureInfo.InvariantCulture), result.Lines[i].Replace(" ##", "", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public void Results_of_two_commands_can_share_a_file()
    {
        ToolResult result = Tool.Jit.Shell("f=$(mktemp); { bert params prajjwal1/bert-tiny --format torch; bert params prajjwal1/bert-tiny --format torch; } > $f; wc -l < $f");
        Assert.Equal("78", result.Succeeded().Output.Trim());
    }

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void Bench_gives_time_operations_and_share_of_the_peak(string build)
    {
        ToolResult result = Tool.Of(build).Run("bench", "prajjwal1/bert-tiny", "--sequences", "4", "--tokens", "32", "--threads", "1", "--runs", "3", "--format", "json");
        Assert.Equal(0, result.ExitCode);
        JsonElement root = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal((4, 32, 1), (root.GetProperty("sequences").GetInt32(), root.GetProperty("tokens").GetInt32(), root.GetProperty("threads").GetInt32()));
        double milliseconds = root.GetProperty("milliseconds").GetDouble(), gflops = root.GetProperty("gflops").GetDouble();
        double flop = 4 * 32 * 2 * ((8 * 128 * 128) + (4 * 128 * 512) + (4 * 128 * 32.0));
        Assert.Equal(flop / milliseconds / 1e6, gflops, 6);
        Assert.InRange(root.GetProperty("peak_share").GetDouble(), 0.0001, 1.5);
        Assert.Equal(build, root.GetProperty("runtime").GetString());
    }

    /// <summary>What a verb writes of a stream that stays open, when it is interrupted after its first line.</summary>
    private static async Task<string> InterruptedAsync(Tool tool, params string[] arguments)
    {
        using Process process = tool.Start(arguments);
        Task feed = Task.Run(() =>
        {
            for (int i = 0; i < Lines; i++)
            {
                process.StandardInput.WriteLine($"text number {i}");
            }

            process.StandardInput.Flush(); // And stays open: the tool waits for more.
        });
        string first = (await process.StandardOutput.ReadLineAsync())!;
        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        string rest = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(130, process.ExitCode);
        Assert.Equal("", await process.StandardError.ReadToEndAsync());
        await feed.ContinueWith(_ => { }, TaskScheduler.Default); // A pipe that broke under it is what was asked for.
        return $"{first}\n{rest}";
    }
}
