using System.Diagnostics;

namespace BertSharp.Cli.Tests;

/// <summary>Every program of <c>samples/</c>, compiled and run as its reader would run it; some stand in the README, word for word.</summary>
public sealed class SampleTests
{
    private const string MiniLM = "models/real/all-MiniLM-L6-v2";

    /// <summary>Each sample with the model that it is given, and a line that it must print.</summary>
    public static TheoryData<string, string, string> Samples { get; } = new()
    {
        { "embed", MiniLM, @"^0\.755  A man is eating food\.  \|  A man is eating a piece of bread\.$" },
        { "features", MiniLM, @"^0\.942  He sat on the bank" },
        { "search", MiniLM, @"^0\.\d{3}  A cheetah chases its prey" },
        { "ner", "models/real/minilm-wnut17", @"^ 22-28  location +\d\d\.\d %  London$" },
        { "answer", "models/real/minilm-squad", @"^7,000,000( square kilometres)? \(\d\d\.\d %, characters 95 to \d+\)$" },
        { "fill-mask", RandomModels.MaskedLM, @"^ +\d+\.\d %  \S+ +the capital of france is" },
        { "score", RandomModels.MaskedLM, @"^ +\d+\.\d\d  He went to the shop\.$" },
        { "classify", RandomModels.Classifier, @"^(negative|positive) \d\d\.\d %  A lovely film\.$" },
        { "zero-shot", RandomModels.Nli, @"^ +\d\d\.\d %  (computers|cooking|politics)$" },
        { "rerank", RandomModels.CrossEncoder, @"^ +0\.\d{3}  Berlin is known for its museums\.$" },
        { "next-sentence", RandomModels.NextSentence, @"^ +\d\d\.\d %  She opened the fridge\. There was no milk left\.$" },
        { "train", MiniLM, @"^good \d\d\.\d %  A wonderful story\.$" },
        { "train-embeddings", MiniLM, @"^after  right 0\.5\d\d, wrong 0\.1\d\d$" },
        { "choice", RandomModels.MultipleChoice, @"^ +\d\d\.\d %  and ate the piano\.$" },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_sample_compiles_runs_and_prints_what_it_says(string sample, string model, string line)
    {
        string folder = model.StartsWith("models/", StringComparison.Ordinal) ? SharedData.Require(model) : RandomModels.Folder(model);
        ProcessStartInfo start = new("dotnet", ["run", "-c", "Release", Path.Combine(Folder(), $"{sample}.cs"), "--", folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{sample} ended with {process.ExitCode}:\n{await output}\n{await error}");
        Assert.Contains((await output).Split('\n'), printed => System.Text.RegularExpressions.Regex.IsMatch(printed.Replace("\u00A0", " ", StringComparison.Ordinal), line));
    }

    [Fact]
    public void Every_sample_is_run_and_the_readme_shows_three_as_they_are()
    {
        string[] files = [.. Directory.EnumerateFiles(Folder(), "*.cs").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];
        Assert.Equal(files, Samples.Select(row => row.Data.Item1).Order());
        string readme = File.ReadAllText(Path.Combine(SharedData.Repository!, "README.md"));
        string[] shown = [.. files.Where(file => readme.Contains(Code(file), StringComparison.Ordinal))];
        Assert.Equal(["answer", "ner", "search"], shown);
    }

    private static string Folder() => Path.Combine(SharedData.Repository!, "samples");

    /// <summary>The program without its first line, which names the project.</summary>
    private static string Code(string sample) => string.Join('\n', File.ReadAllLines(Path.Combine(Folder(), $"{sample}.cs"))[1..]);
}
