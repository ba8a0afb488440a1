using BertSharp.Cli.Tests.TestSupport;

namespace BertSharp.Cli.Tests;

/// <summary>Every command of the README that runs the tool, run as it stands in the repository's folder; and every row that it takes from the results.</summary>
public sealed class ReadmeTests
{
    private const string FromSource = "dotnet run -c Release --project src/BertSharp.Cli -- ";

    [Fact]
    public void Every_command_of_the_readme_runs()
    {
        SharedData.Require("models", "real", "all-MiniLM-L6-v2");
        string folder = SharedData.Repository!;
        string[] commands = [.. File.ReadLines(Path.Combine(folder, "README.md"))
            .Where(line => line.StartsWith("$ bert ", StringComparison.Ordinal) || line.StartsWith(FromSource, StringComparison.Ordinal))
            .Select(line => line.Replace("$ bert ", "bert ", StringComparison.Ordinal).Replace(FromSource, "bert ", StringComparison.Ordinal))];
        Assert.True(commands.Length >= 5, "the README shows fewer commands than it did");
        foreach (string command in commands)
        {
            ToolResult result = Tool.Jit.Shell($"cd '{folder}' && {command}");
            Assert.True(result.ExitCode == 0, $"{command}\n{result.Error}");
        }
    }

    [Fact]
    public void Every_row_of_the_comparison_stands_so_in_the_results()
    {
        string folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../.."));
        string[] results = [.. Directory.EnumerateFiles(Path.Combine(folder, "benchmarks", "results"), "float32-*.md").SelectMany(File.ReadLines)];
        string[] rows = [.. File.ReadLines(Path.Combine(folder, "README.md")).Where(line => line.StartsWith("| BERT-Base", StringComparison.Ordinal) || line.StartsWith("| MiniLM", StringComparison.Ordinal))];
        Assert.True(rows.Length >= 10, "the README compares fewer rows than it did");
        Assert.All(rows, row => Assert.Contains(row, results));
    }
}
