using System.Text.Json;
using BertSharp.Cli.Bench;

namespace BertSharp.Cli.Tests;

/// <summary>The table of operations of <c>bert bench --per-op</c>.</summary>
public sealed class BenchTests
{
    private static readonly string[] Tiny = ["bench", "prajjwal1/bert-tiny", "--sequences", "4", "--tokens", "32", "--threads", "2", "--runs", "2", "--per-op"];

    [Theory]
    [InlineData(1, 16)]
    [InlineData(8, 128)]
    [InlineData(1, 512)]
    public void Operations_of_BertBase_add_up_to_the_formula(int sequences, int tokens)
    {
        // facts.md: 169,869,312 + 36,864·S a token; the pooler is not of the encoder.
        Assert.True(PublishedModels.TryFind("bert-base-uncased", out BertConfig config));
        Assert.Equal((169_869_312.0 + (36_864.0 * tokens)) * tokens * sequences, FlopWithoutPooler(config, sequences, tokens));
        Assert.Equal(2.0 * sequences * 768 * 768, OperationCost.Of(Operation.Pooler, config, sequences, tokens).Flop);
    }

    [Theory]
    [InlineData("bert", 384)]
    [InlineData("electra", 128)]
    public void Operations_of_other_sizes_add_up_to_their_cost(string type, int embedding)
    {
        BertConfig config = new() { ModelType = type, EmbeddingSize = embedding, HiddenSize = 384, NumHiddenLayers = 6, IntermediateSize = 1500 };
        Assert.Equal(3 * (double)ModelCost.Of(config, 0, 40).FlopPerSequence, FlopWithoutPooler(config, 3, 40));
    }

    [Fact]
    public void Without_token_types_one_table_less_is_read()
    {
        BertConfig config = new() { ModelType = "distilbert", TypeVocabSize = 0 };
        Assert.Equal(new OperationCost(0, 4 * 3 * 40 * 768), OperationCost.Of(Operation.EmbeddingLookup, config, 1, 40));
    }

    [Fact]
    public void Operations_that_move_data_have_the_bytes_of_their_inputs_and_outputs()
    {
        Assert.True(PublishedModels.TryFind("bert-base-uncased", out BertConfig config));
        Assert.Equal(new OperationCost(0, 4 * 4 * 256 * 768), OperationCost.Of(Operation.EmbeddingLookup, config, 2, 128));
        Assert.Equal(new OperationCost(0, 12 * 4 * 2 * 256 * 768), OperationCost.Of(Operation.AttentionLayerNorm, config, 2, 128));
        Assert.Equal(new OperationCost(0, 12 * 4 * 2 * 2.0 * 12 * 128 * 128), OperationCost.Of(Operation.AttentionSoftmax, config, 2, 128));
        Assert.Equal(default, OperationCost.Of(Operation.Waiting, config, 2, 128));
    }

    [Theory]
    [InlineData(WeightFormat.Float32, 4 * 768 * 3072)]
    [InlineData(WeightFormat.BFloat16, 2 * 768 * 3072)]
    [InlineData(WeightFormat.Int8, (768 + 4) * 3072)]
    [InlineData(WeightFormat.Int8Dynamic, (768 + 4) * 3072)]
    public void A_weight_has_the_bytes_of_its_format(WeightFormat format, double weight)
    {
        Assert.True(PublishedModels.TryFind("bert-base-uncased", out BertConfig config));
        config = config with { QuantizationConfig = new QuantizationConfig(format) };
        Assert.Equal(12 * ((4 * 256 * (768 + 3072)) + weight), OperationCost.Of(Operation.FeedForwardUp, config, 2, 128).Bytes);
        Assert.Equal(4 * ((2 * 2 * 768) + (768 * 768)), OperationCost.Of(Operation.Pooler, config, 2, 128).Bytes);
    }

    [Fact]
    public void Products_of_int8_are_a_share_of_the_int8_peak_and_attention_of_the_FMA_peak()
    {
        JsonElement root = JsonDocument.Parse(Tool.Jit.Run([.. Tiny, "--weights", "int8-dynamic", "--format", "json"]).Output).RootElement;
        Dictionary<string, JsonElement> rows = root.GetProperty("operations").EnumerateArray().ToDictionary(row => row.GetProperty("operation").GetString()!);
        Assert.Equal("int8", root.GetProperty("peak").GetString());
        Assert.Equal(root.GetProperty("gflops").GetDouble() / root.GetProperty("peak_gflops").GetDouble(), root.GetProperty("peak_share").GetDouble(), 9);
        foreach ((string name, string peak) in new[] { ("query_key_value", "int8"), ("attention_output", "int8"), ("feed_forward_up", "int8"), ("feed_forward_down", "int8"), ("attention_scores", "fma"), ("attention_context", "fma"), ("pooler", "fma") })
        {
            Assert.Equal(peak, rows[name].GetProperty("peak").GetString());
            Assert.Equal(rows[name].GetProperty("gflops").GetDouble() / rows[name].GetProperty("peak_gflops").GetDouble(), rows[name].GetProperty("peak_share").GetDouble(), 9);
        }

        string[] text = Tool.Jit.Run([.. Tiny, "--weights", "int8-dynamic"]).Lines;
        Assert.Contains(" % of the int8 peak of ", text[4], StringComparison.Ordinal);
        Assert.Contains("int8 peak of ", text[^1], StringComparison.Ordinal);
        Assert.Contains("FMA peak of ", text[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_an_object_an_operation_and_the_rest_as_other()
    {
        JsonElement root = JsonDocument.Parse(Tool.Jit.Run([.. Tiny, "--format", "json"]).Output).RootElement;
        JsonElement[] rows = [.. root.GetProperty("operations").EnumerateArray()];
        Assert.Equal(("embedding_lookup", "other"), (rows[0].GetProperty("operation").GetString(), rows[^1].GetProperty("operation").GetString()));
        double clocked = root.GetProperty("clocked_milliseconds").GetDouble();
        Assert.Equal(clocked, rows.Sum(row => row.GetProperty("milliseconds").GetDouble()), 6);
        Assert.Equal(1, rows.Sum(row => row.GetProperty("share").GetDouble()), 6);
        Assert.All(rows, row => Assert.InRange(row.GetProperty("milliseconds").GetDouble(), 0, clocked));

        JsonElement up = Assert.Single(rows, row => row.GetProperty("operation").GetString() == "feed_forward_up");
        Assert.Equal(2.0 * 2 * 128 * 128 * 512, up.GetProperty("flop").GetDouble());
        Assert.Equal(up.GetProperty("flop").GetDouble() / up.GetProperty("milliseconds").GetDouble() / 1e6, up.GetProperty("gflops").GetDouble(), 6);
        Assert.Equal(up.GetProperty("gflops").GetDouble() / root.GetProperty("peak_gflops").GetDouble(), up.GetProperty("peak_share").GetDouble(), 9);

        JsonElement norm = Assert.Single(rows, row => row.GetProperty("operation").GetString() == "attention_layer_norm");
        double speed = norm.GetProperty("bytes").GetDouble() / norm.GetProperty("milliseconds").GetDouble() / 1e6;
        Assert.Equal(speed / root.GetProperty("memory_gigabytes_per_second").GetDouble(), norm.GetProperty("memory_share").GetDouble(), 9);
        Assert.False(norm.TryGetProperty("gflops", out _));
    }

    [Fact]
    public void The_table_is_text_markdown_or_csv()
    {
        string[] text = Tool.Jit.Run(Tiny).Lines, csv = Tool.Jit.Run([.. Tiny, "--format", "csv"]).Lines, markdown = Tool.Jit.Run([.. Tiny, "--format", "markdown"]).Lines;
        Assert.StartsWith("operation ", text[5], StringComparison.Ordinal);
        Assert.Contains("a copy in memory", text[^1], StringComparison.Ordinal);
        Assert.Equal("operation,calls,ms,share %,GFLOP,GFLOP/s,of peak %,peak,MB,GB/s,of memory %", csv[0]);
        Assert.All(csv, line => Assert.Equal(11, line.Split(',').Length));
        Assert.StartsWith("other,,", csv[^1], StringComparison.Ordinal);
        Assert.Equal(csv.Length + 1, markdown.Length);
        Assert.StartsWith("| query key value | ", Assert.Single(markdown, line => line.Contains("query", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_option_there_is_no_table()
    {
        string[] plain = Tiny[..^1];
        Tool.Jit.Run([.. plain, "--format", "csv"]).Failed(2, "--format csv", "--per-op");
        JsonElement root = JsonDocument.Parse(Tool.Jit.Run([.. plain, "--format", "json"]).Output).RootElement;
        Assert.False(root.TryGetProperty("operations", out _));
    }

    private static double FlopWithoutPooler(BertConfig config, int sequences, int tokens) =>
        Enum.GetValues<Operation>().Where(operation => operation != Operation.Pooler).Sum(operation => OperationCost.Of(operation, config, sequences, tokens).Flop);
}
