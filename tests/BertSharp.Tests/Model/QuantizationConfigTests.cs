using System.Text.Json.Nodes;

namespace BertSharp.Tests;

public sealed class QuantizationConfigTests
{
    [Theory]
    [InlineData("int8", "\"float32\"", WeightFormat.Int8)]
    [InlineData("int8", "null", WeightFormat.Int8)]
    [InlineData("int8", "\"int8\"", WeightFormat.Int8Dynamic)]
    [InlineData("bfloat16", "\"float32\"", WeightFormat.BFloat16)]
    public void The_format_is_read_from_weights_and_activations(string weights, string activations, WeightFormat expected)
    {
        BertConfig config = Parse($$"""{"quant_method":"bertsharp","weights":"{{weights}}","activations":{{activations}}}""");
        Assert.Equal(expected, config.QuantizationConfig!.Weights);
        Assert.Empty(config.QuantizationConfig.ModulesToNotConvert);
    }

    [Theory]
    [InlineData("""{"quant_method":"gptq","bits":4}""", "quant_method", "found 'gptq', which is not supported. Take the model as it was before")]
    [InlineData("""{"quant_method":"compressed-tensors"}""", "quant_method", "compressed-tensors")]
    [InlineData("""{"load_in_8bit":true}""", "quant_method", "found nothing")]
    [InlineData("""{"quant_method":8}""", "quant_method", "expected a text")]
    [InlineData("""{"quant_method":"bertsharp","weights":"int4"}""", "weights", "'int4'")]
    [InlineData("""{"quant_method":"bertsharp"}""", "weights", "expected int8")]
    [InlineData("""{"quant_method":"bertsharp","weights":"bfloat16","activations":"int8"}""", "weights", "activations 'int8'")]
    [InlineData("""{"quant_method":"bertsharp","weights":"int8","modules_to_not_convert":"x"}""", "modules_to_not_convert", "expected texts")]
    [InlineData("""[]""", null, "expected an object")]
    [InlineData("""true""", null, "expected an object")]
    public void What_is_not_known_is_refused_by_name(string json, string? key, string message)
    {
        CheckpointException error = Assert.Throws<CheckpointException>(() => Parse(json));
        Assert.Equal(key, error.Tensor);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Int8_sums_must_fit_32_bits() =>
        Assert.Equal("intermediate_size", Assert.Throws<CheckpointException>(() =>
            BertConfig.Parse("""{"intermediate_size":100001,"quantization_config":{"quant_method":"bertsharp","weights":"int8"}}""")).Tensor);

    [Fact]
    public void Modules_are_known_by_the_names_of_any_family()
    {
        BertConfig config = Parse("""{"quant_method":"bertsharp","weights":"int8","modules_to_not_convert":["encoder.layer.0.output.dense","distilbert.transformer.layer.1.attention.q_lin"]}""");
        Assert.Equal(["bert.encoder.layer.0.output.dense", "bert.encoder.layer.1.attention.self.query"], config.QuantizationConfig!.ModulesToNotConvert);
    }

    [Fact]
    public void Layers_of_the_encoder_have_the_format_and_all_else_is_float32()
    {
        BertConfig config = new() { NumHiddenLayers = 2 };
        QuantizationConfig quantization = new(WeightFormat.Int8) { ModulesToNotConvert = ["bert.encoder.layer.1.output.dense"] };
        ParameterInfo[] list = [.. ParameterList.Of(config, HeadKind.PreTraining)];
        string[] quantized = [.. list.Where(parameter => quantization.FormatOf(parameter) == WeightFormat.Int8).Select(parameter => parameter.Name)];
        Assert.Equal(11, quantized.Length);
        Assert.All(quantized, name => Assert.Matches(@"^bert\.encoder\.layer\.[01]\..*(query|key|value|dense)\.weight$", name));
        Assert.DoesNotContain("bert.encoder.layer.1.output.dense.weight", quantized);
        Assert.Equal(12, QuantizationConfig.ModulesOf(config).Count);
        Assert.All(list.Where(parameter => !quantized.Contains(parameter.Name)), parameter => Assert.Equal(WeightFormat.Float32, quantization.FormatOf(parameter)));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        foreach (WeightFormat format in Enum.GetValues<WeightFormat>())
        {
            BertConfig config = new() { QuantizationConfig = new QuantizationConfig(format) { ModulesToNotConvert = ["bert.encoder.layer.0.output.dense"] } };
            BertConfig again = BertConfig.Parse(config.ToJson());
            Assert.Equal(format == WeightFormat.Float32 ? null : format, again.QuantizationConfig?.Weights);
            Assert.Equal(again.ToJson(), BertConfig.Parse(again.ToJson()).ToJson());
            JsonObject plain = JsonNode.Parse((again with { QuantizationConfig = null }).ToJson())!.AsObject();
            Assert.False(plain.ContainsKey("quantization_config"));
        }
    }

    private static BertConfig Parse(string quantization) => BertConfig.Parse($$"""{"quantization_config":{{quantization}}}""");
}
