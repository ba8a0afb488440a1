namespace BertSharp.Cli.Tests;

/// <summary><c>bert pretrain</c>: from a text to a model that fills gaps, by the tool alone.</summary>
public sealed class PretrainTests
{
    [Fact]
    public void A_model_is_pretrained_and_gone_on_with_and_memory_options_change_no_byte()
    {
        (string tokenizer, string store) = Prepared();
        string straight = Workplace.New(), sparing = Workplace.New(), second = Workplace.New(), dropping = Workplace.New();
        string[] pretrain =
        [
            "pretrain", "--tokenizer", tokenizer, "--data", $"{store}=3", "--held-out", store, "--layers", "2", "--hidden", "24", "--heads", "2", "--positions", "32", "--batch", "8",
            "--steps", "40", "--warmup", "4", "--learning-rate", "5e-3", "--whole-word", "--mask-token-share", "0.7", "--random-token-share", "0.2", "--validate-every", "20",
        ];
        Pretrained([.. pretrain, "--out", straight]);
        Pretrained([.. pretrain, "--out", sparing, "--micro-batch", "50", "--recompute", "--threads", "1"]);
        foreach (string file in (string[])["log.jsonl", "last/model.safetensors", "best/model.safetensors"])
        {
            Assert.True(File.ReadAllBytes(Path.Combine(straight, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(sparing, file))), $"{file} differs");
        }

        Assert.True(File.Exists(Path.Combine(straight, "curve.svg")));
        Assert.Contains("  dogs\n", Tool.Jit.Run("fill-mask", "-m", Path.Combine(straight, "last"), "The fox jumped over 3 [MASK].").Succeeded().Output, StringComparison.Ordinal);
        Pretrained(["pretrain", "--from", Path.Combine(straight, "last"), "--data", store, "--steps", "2", "--out", second]);
        Pretrained(["pretrain", "--from", Path.Combine(straight, "last"), "--data", store, "--steps", "2", "--dropout", "0.5", "--out", dropping]);
        Assert.NotEqual(File.ReadAllText(Path.Combine(second, "log.jsonl")), File.ReadAllText(Path.Combine(dropping, "log.jsonl")));
        Assert.Equal(2, File.ReadLines(Path.Combine(second, "log.jsonl")).Count(line => line.Contains("\"loss\":", StringComparison.Ordinal) && !line.Contains("validation", StringComparison.Ordinal)));

        // The same run with another share of masks is another run.
        Tool.Jit.Run([.. pretrain, "--out", straight, "--mask", "0.2"]).Failed(1, "MaskedShare was '0.15', is '0.2'");
    }

    [Fact]
    public void What_cannot_be_meant_is_one_line()
    {
        string[] pretrain = ["pretrain", "--data", "store", "--out", Workplace.New()];
        Tool.Jit.Run(pretrain).Failed(1, "store");
        Tool.Jit.Run([.. pretrain, "--data", "store=x"]).Failed(2, "--data store=x", "novels=60");
        (string tokenizer, string store) = Prepared();
        string[] stored = ["pretrain", "--data", store, "--out", Workplace.New()];
        Tool.Jit.Run(stored).Failed(2, "--tokenizer", "--from");
        Tool.Jit.Run([.. stored, "--from", RandomModels.MaskedLM, "--layers", "2"]).Failed(2, "--layers describes a new model");
        Tool.Jit.Run([.. stored, "--tokenizer", tokenizer, "--hidden", "24", "--heads", "2", "--mask-token-share", "0.9", "--random-token-share", "0.2"]).Failed(1, "at most 1 together");
    }

    // How it goes stands on standard error.
    private static void Pretrained(string[] arguments)
    {
        ToolResult result = Tool.Jit.Run(arguments);
        Assert.True(result.ExitCode == 0, result.Error);
    }

    private static (string Tokenizer, string Store) Prepared()
    {
        string text = Workplace.Write("dogs.txt", string.Join("\n\n", Enumerable.Range(0, 40).Select(i => $"The fox jumped over {i} dogs.\nThe dogs were not amused, said number {i * 7}.")));
        string tokenizer = Workplace.New(), store = Workplace.New();
        Tool.Jit.Run("train-vocab", text, "--size", "100", "--out", tokenizer).Succeeded();
        Tool.Jit.Run("pretrain-data", text, "-m", tokenizer, "--out", store, "--length", "32").Succeeded();
        return (tokenizer, store);
    }
}
