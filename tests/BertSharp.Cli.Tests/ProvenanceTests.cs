namespace BertSharp.Cli.Tests;

/// <summary>The shipped models are what their recipes make.</summary>
public sealed class ProvenanceTests
{
    [Theory]
    [Trait("suite", "long")]
    [InlineData("bertsharp-mini")]
    [InlineData("bertsharp-embed")]
    public void The_first_200_steps_of_the_recipe_give_the_first_lines_of_the_log(string model)
    {
        string models = Path.Combine(SharedData.Repository ?? "", "models");
        string runs = Environment.GetEnvironmentVariable("BERTSHARP_RUNS") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".bertsharp", "runs");
        string store = Path.Combine(runs, "bertsharp-mini", "manuals-512", "examples.json");
        Assert.SkipUnless(File.Exists(Path.Combine(models, model, "log.jsonl")), $"{model} is not in this checkout.");
        Assert.SkipUnless(File.Exists(store), $"{store} is absent; models/bertsharp-mini/prepare.sh makes it.");
        ToolResult result = Tool.Jit.Within(60).Shell($"'{models}/verify.sh' {model}", new Dictionary<string, string> { ["BERT"] = Tool.Jit.Path });
        Assert.Equal($"the first 200 lines are those of {model}/log.jsonl\n", result.Succeeded().Output);
    }
}
