using System.Text.Json;

namespace BertSharp.Cli.Tests;

/// <summary><c>bert train</c>: what it leaves, its table, and what it says of what it cannot use.</summary>
public sealed class TrainTests
{
    private static readonly string[] Train = ["train", "-m", RandomModels.MaskedLM, "--task", "classify", "--data", "reviews.tsv", "--columns", "text=sentence"];

    [Fact]
    public void A_sweep_has_a_row_a_run_and_keeps_the_best()
    {
        string folder = Workplace.New();
        string[] sweep = [.. Train, "--validate", "reviews.tsv", "--learning-rates", "1e-4,2e-2", "--seeds", "1,2", "--epochs", "20", "--out", folder];
        JsonElement result = JsonElement.Parse(Trained([.. sweep, "--format", "json"]));
        JsonElement[] runs = [.. result.GetProperty("runs").EnumerateArray()];
        Assert.Equal([(1e-4, 1), (1e-4, 2), (2e-2, 1), (2e-2, 2)], runs.Select(run => (run.GetProperty("learning_rate").GetDouble(), run.GetProperty("seed").GetInt32())));
        JsonElement best = runs.MaxBy(run => run.GetProperty("score").GetDouble());
        Assert.Equal(1, best.GetProperty("score").GetDouble());
        Assert.Equal(best.GetProperty("model").GetString(), result.GetProperty("best").GetString());
        Assert.Equal(File.ReadAllBytes(Path.Combine(result.GetProperty("best").GetString()!, "model.safetensors")), File.ReadAllBytes(Path.Combine(folder, "best", "model.safetensors")));
        Assert.True(File.Exists(Path.Combine(folder, "rate-2e-2-seed-1", "curve.svg")));

        // The same command again finds all runs finished.
        string table = Trained(sweep);
        Assert.Matches(@"^learning rate +seed +steps +accuracy +at step +model\n +1e-4 +1 +20 ", table);
        Assert.Matches(@"\n +2e-2 +median +1\.0000\n$", table);
        Tool.Jit.Run("classify", "-m", Path.Combine(folder, "best"), "the food").Succeeded();
    }

    [Fact]
    public void What_cannot_be_used_is_one_line()
    {
        string folder = Workplace.New();
        Tool.Jit.Run([.. Train, "--out", folder, "--multi-label", "--regression"]).Failed(2, "--multi-label and --regression");
        Tool.Jit.Run([.. Train, "--out", folder, "--student-layers", "1"]).Failed(2, "--student-layers means nothing to --task classify");
        Tool.Jit.Run("train", "-m", RandomModels.MaskedLM, "--task", "embed", "--data", "pairs.csv", "--regression", "--out", folder).Failed(2, "--regression means nothing to --task embed");
        Tool.Jit.Run([.. Train, "--out", folder, "--seeds", "1,x"]).Failed(2, "--seeds has 'x'");
        Tool.Jit.Run([.. Train, "--out", folder, "--labels", "0,2"]).Failed(1, "reviews.tsv:2: the label '1' is none of 0, 2");
        Tool.Jit.Run([.. Train, "--out", folder, "--validate", "nothing.tsv"]).Failed(1, "nothing.tsv", "no such file");
        Tool.Jit.Run([.. Train, "--out", folder, "--freeze", "encoder*"]).Failed(1, "'encoder*' matches no parameter");
    }

    // How it goes stands on standard error.
    private static string Trained(string[] arguments)
    {
        ToolResult result = Tool.Jit.Run(arguments);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }
}
