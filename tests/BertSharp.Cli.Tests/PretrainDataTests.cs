namespace BertSharp.Cli.Tests;

/// <summary><c>bert train-vocab</c> and <c>bert pretrain-data</c>: from texts to a tokenizer and examples.</summary>
public sealed class PretrainDataTests
{
    [Fact]
    public void From_texts_to_a_vocabulary_that_tokenizes_and_to_examples()
    {
        string text = Corpus(), folder = Workplace.New(), store = Workplace.New();
        Tool.Jit.Run("train-vocab", text, "--size", "100", "--out", folder).Succeeded();
        Assert.Equal("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]", string.Join('\n', File.ReadLines(Path.Combine(folder, "vocab.txt")).Take(5)));
        Assert.Contains("\"do_lower_case\": true", File.ReadAllText(Path.Combine(folder, "tokenizer_config.json")), StringComparison.Ordinal);
        Assert.DoesNotContain("[UNK]", Tool.Jit.Run("tokenize", "-m", folder, "--input", text).Succeeded().Output, StringComparison.Ordinal);
        Assert.Matches(@"^\d+ examples in ", Tool.Jit.Run("pretrain-data", text, "-m", folder, "--out", store, "--length", "32").Succeeded().Output);
        Assert.Equal(["00000.examples", "examples.json"], Directory.GetFiles(store).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        ToolResult again = Tool.Jit.Run("pretrain-data", text, "-m", folder, "--out", store);
        Assert.NotEqual(0, again.ExitCode);
        Assert.Contains("exists already", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_and_the_order_of_files_do_not_show_in_the_vocabulary()
    {
        string text = Corpus(), other = Workplace.Write("other.txt", "A cat sat on a mat. Cats sit on mats.\n"), first = Workplace.New(), second = Workplace.New();
        Tool.Jit.Run("train-vocab", text, other, "--size", "110", "--out", first, "--threads", "1").Succeeded();
        Tool.Jit.Run("train-vocab", other, text, "--size", "110", "--out", second, "--threads", "3").Succeeded();
        Assert.Equal(File.ReadAllBytes(Path.Combine(first, "vocab.txt")), File.ReadAllBytes(Path.Combine(second, "vocab.txt")));
    }

    [Fact]
    public void Rare_characters_and_a_text_that_is_too_small_are_told()
    {
        string text = Workplace.Write("rare.txt", "aab aab ab ab c");
        ToolResult result = Tool.Jit.Run("train-vocab", text, "--size", "500", "--limit-alphabet", "2", "--out", Workplace.New());
        Assert.Equal((0, ""), (result.ExitCode, result.Output));
        Assert.Contains("the 1 rarest characters are not in the alphabet", result.Error, StringComparison.Ordinal);
        Assert.Contains("tokens, not 500", result.Error, StringComparison.Ordinal);
        ToolResult small = Tool.Jit.Run("train-vocab", text, "--size", "8", "--out", Workplace.New());
        Assert.Equal((1, ""), (small.ExitCode, small.Output));
        Assert.Contains("A vocabulary of 8 tokens is too small", small.Error, StringComparison.Ordinal);
    }

    private static string Corpus() => Workplace.Write("corpus.txt", string.Join("\n\n", Enumerable.Range(0, 40).Select(i => $"The fox jumped over {i} dogs.\nThe dogs were not amused, said number {i * 7}.")));
}
