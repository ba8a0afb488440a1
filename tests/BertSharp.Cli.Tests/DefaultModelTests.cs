namespace BertSharp.Cli.Tests;

/// <summary>Models of our own beside the program: which verbs answer with them, and what is said where they are missing.</summary>
public sealed class DefaultModelTests
{
    private static readonly string[] Program = ["bert", "bert.dll", "bert.deps.json", "bert.runtimeconfig.json", "BertSharp.dll", "System.CommandLine.dll", "Spectre.Console.dll"];

    [Fact]
    public void Masks_are_filled_by_the_model_that_the_tool_brings()
    {
        Tool tool = CopyWith("bertsharp-mini");
        string given = Tool.Jit.Run("fill-mask", "-m", RandomModels.MaskedLM, "a [MASK] eats").Succeeded().Output;
        Assert.Equal(given, tool.Run("fill-mask", "a [MASK] eats").Succeeded().Output);
        Assert.Equal(given, tool.Run("fill-mask", "-m", "bertsharp-mini", "a [MASK] eats").Succeeded().Output);
        tool.Run("params", "bertsharp-mini").Succeeded();
        Assert.Contains("[default: bertsharp-mini]", tool.Run("fill-mask", "--help").Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Sentences_are_embedded_compared_indexed_and_found_by_the_model_that_the_tool_brings()
    {
        Tool tool = CopyWith("bertsharp-embed");
        string[] texts = ["a man eats", "the food"];
        Assert.Equal(Tool.Jit.Run(["embed", "-m", RandomModels.MaskedLM, .. texts]).Succeeded().Output, tool.Run(["embed", .. texts]).Succeeded().Output);
        Assert.Equal(Tool.Jit.Run(["similarity", "-m", RandomModels.MaskedLM, .. texts]).Succeeded().Output, tool.Run(["similarity", .. texts]).Succeeded().Output);
        string index = Workplace.New();
        tool.RunWith("a man eats\nthe food\n", null, "index", "--output", index).Succeeded();
        Assert.Contains("the food", tool.Run("search", index, "the food", "--top-k", "1").Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_without_them_says_so_in_one_line()
    {
        Tool tool = CopyWith(null);
        string index = Workplace.New();
        tool.Run("fill-mask", "a [MASK]").Failed(2, "without bertsharp-mini", "--model");
        tool.Run("fill-mask", "-m", "bertsharp-mini", "a [MASK]").Failed(1, "bertsharp-mini", "no such folder");
        tool.Run("embed", "a man").Failed(2, "without bertsharp-embed", "--model");
        tool.Run("similarity", "a man", "the food").Failed(2, "without bertsharp-embed");
        tool.RunWith("a man\n", null, "index", "--output", index).Failed(2, "without bertsharp-embed");
        tool.Run("classify", "a man").Failed(2, "--model");
    }

    [Fact]
    public void A_model_that_the_tool_brings_has_at_most_16_MB_and_its_figures_are_measured_on_it()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "models", "bertsharp-mini");
        string weights = Path.Combine(folder, "model.safetensors");
        Assert.SkipUnless(File.Exists(weights), "bertsharp-mini is not in this checkout.");
        Assert.InRange(new FileInfo(weights).Length, 1, 16_000_000);
        string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(weights)));
        Assert.Contains($"`{hash}`", File.ReadAllText(Path.Combine(folder, "README.md")), StringComparison.Ordinal);
        Assert.Contains("[MASK]", Tool.Jit.Run("fill-mask", "The capital of France is [MASK].").Succeeded().Output, StringComparison.Ordinal);
    }

    // A tool of its own, with a random model under the name of one of ours.
    private static Tool CopyWith(string? name)
    {
        string folder = Directory.CreateDirectory(Workplace.New()).FullName;
        foreach (string file in Program)
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, file), Path.Combine(folder, file));
        }

        if (name is not null)
        {
            Directory.CreateDirectory(Path.Combine(folder, "models"));
            Directory.CreateSymbolicLink(Path.Combine(folder, "models", name), RandomModels.Folder(RandomModels.MaskedLM));
        }

        return Tool.At(Path.Combine(folder, "bert"));
    }
}
