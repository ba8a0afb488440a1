namespace BertSharp.Cli.Tests;

/// <summary>The shipped model is what its recipe makes.</summary>
public sealed class ProvenanceTests
{
    [Fact]
    [Trait("suite", "long")]
    public void The_first_200_steps_of_the_recipe_give_the_first_lines_of_the_log()
    {
        string model = Path.Combine(SharedData.Repository ?? "", "models", "bertsharp-mini");
        string runs = Environment.GetEnvironmentVariable("BERTSHARP_RUNS") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".bertsharp", "runs");
        string store = Path.Combine(runs, "bertsharp-mini", "manuals-512", "examples.json");
        Assert.SkipUnless(File.Exists(Path.Combine(model, "log.jsonl")), "bertsharp-mini is not in this checkout.");
        Assert.SkipUnless(File.Exists(store), $"{store} is absent; models/bertsharp-mini/prepare.sh makes it.");
        ToolResult result = Tool.Jit.Within(60).Shell($"'{model}/verify.sh' 200", new Dictionary<string, string> { ["BERT"] = Tool.Jit.Path });
        Assert.Equal("the first 200 lines are those of log.jsonl\n", result.Succeeded().Output);
    }
}
