namespace BertSharp.Cli.Tests;

/// <summary>Every command of <c>docs/tour.md</c>, run in its order, prints to the letter what stands below it.</summary>
public sealed class TourTests
{
    [Fact]
    public void The_tour_is_what_happens()
    {
        SharedData.Require("models", "real", "all-MiniLM-L6-v2");
        string folder = SharedData.Repository!;
        (string Command, string Output)[] steps = [.. Steps(File.ReadAllText(Path.Combine(folder, "docs", "tour.md")))];
        Assert.True(steps.Length >= 15, "the tour shows fewer commands than it did");
        foreach ((string command, string output) in steps)
        {
            ToolResult result = Tool.Jit.Shell($"cd '{folder}' && {{ {command}; }} 2>&1");
            Assert.Equal($"$ {command}\n{output}", $"$ {command}\n{result.Output}");
        }
    }

    private static IEnumerable<(string Command, string Output)> Steps(string tour) =>
        tour.Split("```console").Skip(1).SelectMany(block => block.Split("\n```")[0].Split("\n$ ")[1..]).Select(step =>
        {
            string[] lines = step.Split('\n');
            return (lines[0], string.Concat(lines[1..].Select(line => line + '\n')));
        });
}
