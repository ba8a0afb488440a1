using System.Text.Json;

namespace BertSharp.Cli.Tests;

/// <summary><c>bert quantize</c>, and what the other verbs make of the folder that it writes.</summary>
public sealed class QuantizeTests
{
    private static string MiniLm => SharedData.Require("models", "real", "all-MiniLM-L6-v2");

    [Theory]
    [MemberData(nameof(Tool.Builds), MemberType = typeof(Tool))]
    public void Every_verb_takes_the_folder_as_it_is(string build)
    {
        string source = MiniLm, output = Workplace.New();
        Tool tool = Tool.Of(build);
        ToolResult result = tool.Run("quantize", "-m", source, "--to", "int8", "--output", output).Succeeded();
        Assert.Contains("90.9 MB became 59.1 MB; 36 of 36 layers are int8, 0 stayed float32.", result.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing was measured", result.Output, StringComparison.Ordinal);

        JsonElement embedded = JsonDocument.Parse(tool.Run("embed", "-m", output, "--format", "json", "A man is eating food.").Succeeded().Output).RootElement[0];
        using SentenceEmbedder embedder = SentenceEmbedder.Load(source, WeightFormat.Int8);
        Assert.Equal(embedder.Embed("A man is eating food."), embedded.GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle()));

        JsonElement listed = JsonDocument.Parse(tool.Run("params", output, "--format", "json").Succeeded().Output).RootElement;
        Assert.Equal(22_713_216, listed.GetProperty("parameters").GetInt64());
        JsonElement query = listed.GetProperty("tensors").EnumerateArray().Single(tensor => tensor.GetProperty("name").GetString() == "bert.encoder.layer.0.attention.self.query.weight");
        Assert.Equal(("int8", (384 * 384) + (384 * 4)), (query.GetProperty("dtype").GetString(), query.GetProperty("bytes").GetInt32()));
        Assert.All(listed.GetProperty("findings").EnumerateArray(), finding => Assert.Equal("buffer", finding.GetProperty("finding").GetString()));

        ToolResult diff = tool.Run("diff", source, output, "--format", "jsonl");
        diff.Failed(1, "36 of 103 tensors differ");
        Assert.Equal(36, diff.Lines.Count(line => line.Contains("\"differs\"", StringComparison.Ordinal) && line.Contains("\"int8\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Converted_to_float32_or_onnx_it_has_the_widened_weights()
    {
        string output = Workplace.New(), plain = Workplace.New(), graph = Workplace.New();
        Tool.Jit.Run("quantize", "-m", RandomModels.Classifier, "--to", "int8-dynamic", "--output", output).Succeeded();
        Tool.Jit.Run("convert", output, "--to", plain).Succeeded();
        Tool.Jit.Run("diff", output, plain, "--format", "csv").Failed(1, "12 of 41 tensors differ");
        string[] results = [.. Tool.Jit.Run("diff", output, plain, "--format", "csv").Lines.Skip(1).Select(line => line.Split(',')[1])];
        Assert.Equal((12, 29), (results.Count(result => result == "other_type"), results.Count(result => result == "identical")));
        Tool.Jit.Run("convert", output, "--to", "onnx", "--output", graph).Succeeded();
        string again = Workplace.New();
        Tool.Jit.Run("convert", plain, "--to", "onnx", "--output", again).Succeeded();
        Assert.Equal(File.ReadAllBytes(again), File.ReadAllBytes(graph));
    }

    [Fact]
    public void The_gate_keeps_layers_in_float32_and_says_which()
    {
        string data = Workplace.Write("quantize.jsonl", string.Concat(Enumerable.Range(0, 20).Select(i => $"{{\"text\": \"a man is eating {i}\", \"text_pair\": \"the food is {i}\"}}\n")));
        string output = Workplace.New();
        ToolResult result = Tool.Jit.Run("quantize", "-m", RandomModels.CrossEncoder, "--to", "int8", "--data", data, "--max-drop", "0.001", "--output", output, "--format", "json");
        JsonElement root = JsonDocument.Parse(result.Succeeded().Output).RootElement;
        Assert.Equal("largest change of a score", root.GetProperty("measure").GetString());
        Assert.Equal((20, 0.001), (root.GetProperty("texts").GetInt32(), root.GetProperty("max_drop").GetDouble()));
        Assert.True(root.GetProperty("drop_before").GetDouble() > 0.001);
        Assert.InRange(root.GetProperty("drop").GetDouble(), 0, 0.001);
        Assert.True(root.GetProperty("bytes_after").GetInt64() < root.GetProperty("bytes_before").GetInt64());
        string[] kept = [.. root.GetProperty("modules").EnumerateArray().Where(module => module.GetProperty("kept").GetBoolean()).Select(module => module.GetProperty("name").GetString()!)];
        Assert.InRange(kept.Length, 1, 11);
        Assert.Equal(kept, BertConfig.Load(output).QuantizationConfig!.ModulesToNotConvert);
        Tool.Jit.Run("rerank", "-m", output, "a man", "the food").Succeeded();
    }

    [Fact]
    public void A_drop_that_cannot_be_reached_writes_nothing()
    {
        string output = Workplace.New();
        ToolResult result = Tool.Jit.Run("quantize", "-m", RandomModels.CrossEncoder, "--to", "int8", "--data", "texts.txt", "--max-drop", "0", "--output", output);
        result.Failed(1, "no layer can be without it being more than 0", "--to bfloat16", "Nothing was written");
        Assert.False(Directory.Exists(output));
    }

    [Fact]
    public void Layers_that_are_named_stay()
    {
        string output = Workplace.New();
        ToolResult result = Tool.Jit.Run("quantize", "-m", RandomModels.Nli, "--to", "bfloat16", "--keep", "layer.0", "output.dense", "--output", output).Succeeded();
        Assert.Equal(8, result.Lines.Count(line => line.EndsWith(" float32", StringComparison.Ordinal)));
        Assert.Equal(4, result.Lines.Count(line => line.EndsWith(" bfloat16", StringComparison.Ordinal)));
        Assert.Contains("4 of 12 layers are bfloat16, 8 stayed float32", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_say_what_to_do()
    {
        string output = Workplace.New(), taken = Workplace.New();
        Directory.CreateDirectory(taken);
        File.WriteAllText(Path.Combine(taken, "file"), "");
        string[] start = ["quantize", "-m", RandomModels.Classifier, "--output", output, "--to"];
        Tool.Jit.Run([.. start, "int4"]).Failed(2, "int4", "int8-dynamic");
        Tool.Jit.Run([.. start, "int8", "--max-drop", "0.1"]).Failed(2, "--max-drop", "--data FILE");
        Tool.Jit.Run([.. start, "int8", "--data", "texts.txt", "--max-drop", "-1"]).Failed(2, "--max-drop is '-1'", "0.01");
        Tool.Jit.Run([.. start, "int8", "--keep", "layer"]).Failed(2, "--keep", "every layer");
        Tool.Jit.Run([.. start, "int8", "--keep", "layer.7"]).Failed(2, "--keep layer.7", "bert.encoder.layer.0.attention.self.query");
        Tool.Jit.Run([.. start, "int8", "--data", "no-such-file.txt"]).Failed(1, "no-such-file.txt", "no such file");
        Tool.Jit.Run([.. start, "int8", "--data", Workplace.Write("empty.txt", "")]).Failed(1, "no text to measure on");
        Tool.Jit.Run("quantize", "-m", RandomModels.Classifier, "--output", taken, "--to", "int8").Failed(2, "exists already");
        Tool.Jit.Run([.. start, "int8"]).Succeeded();
        Tool.Jit.Run("quantize", "-m", output, "--output", Workplace.New(), "--to", "bfloat16").Failed(1, "quantized already", "float32 model");
        string config = File.ReadAllText(Path.Combine(output, "config.json"));
        File.WriteAllText(Path.Combine(output, "config.json"), config.Replace("\"bertsharp\"", "\"awq\"", StringComparison.Ordinal));
        Tool.Jit.Run("classify", "-m", output, "a man").Failed(1, "quant_method", "'awq'", "bert quantize");
    }
}
